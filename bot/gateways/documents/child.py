"""The process that writes a file: a report as JSON on standard input, the file on standard output, its form the argument."""

import sys

from bot.digest.report import FileForm
from bot.gateways.documents.writing import CODEC, written

if __name__ == "__main__":
    sys.stdout.buffer.write(written(CODEC.validate_json(sys.stdin.buffer.read()), FileForm(sys.argv[1])))
