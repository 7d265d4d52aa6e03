"""What the terminal says when a rehearsal is ready."""

from pathlib import Path


def welcome(url: str) -> str:
    """Where to look."""
    return f"""
  리허설이 준비되었습니다: {url}
  실제 자료를 쓰지 않는 연습입니다. 끝내려면 Ctrl+C 를 누르십시오.
"""


def how_to_join(url: str, token: str, folder: Path) -> str:
    """What to type in another terminal so that a bot joins; `folder` is for its data, apart from the real ones."""
    return f"""
  리허설용 텔레그램과 시계가 준비되었습니다: {url}
  봇은 다른 터미널에서 다음과 같이 실행하십시오. 실제 자료와 섞이지 않도록 DATA_DIR을 따로 둡니다.

    export TELEGRAM_API_URL={url}
    export TELEGRAM_BOT_TOKEN={token}
    export CLOCK_URL={url}
    export DATA_DIR={folder.absolute()}
    export DATABASE_URL= PORT=0
    python -m bot import tour 일정표.csv
    python -m bot run

  사람은 같은 설정으로 python -m bot invite --role staff 를 실행해 나온 링크를
  화면의 대화창에 붙여 넣어 들어옵니다(먼저 ‘시작’을 누르십시오).
  봇을 멈추었다가 다시 실행해도 대화와 시각은 그대로입니다. 끝내려면 Ctrl+C 를 누르십시오.
"""
