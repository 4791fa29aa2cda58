"""Many packets to many rows: a packet has the same row, whoever makes it and in any company."""
