"""What came out of an assessment, for people: a page of text, and the same as markup."""

from pmpromo.report.page import draw_report, write_report_page
from pmpromo.report.seen import Reported
from pmpromo.report.text import write_report
from pmpromo.report.words import tell_forecast

__all__ = ["Reported", "draw_report", "tell_forecast", "write_report", "write_report_page"]
