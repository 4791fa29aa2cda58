"""A rubric or a packet on one card: what is asked and how it is weighed, or what is shown."""

from pmpromo.card.display import draw_packet_card, draw_rubric_card
from pmpromo.card.seen import SeenPacket, SeenRubric
from pmpromo.card.telling import write_timelines
from pmpromo.card.text import write_packet_card, write_rubric_card

__all__ = [
    "SeenPacket",
    "SeenRubric",
    "draw_packet_card",
    "draw_rubric_card",
    "write_packet_card",
    "write_rubric_card",
    "write_timelines",
]
