"""``python -m pmpromo`` is the command ``pmpromo``."""

import sys

from pmpromo.cli import main

sys.exit(main())
