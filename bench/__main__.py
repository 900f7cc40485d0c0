"""`make bench`: every comparison, on a database of its own that goes with the run."""

from bench.stage import stage


def main() -> None:
    with stage() as place:
        from bench import chat, pages  # these import models, so Django comes first

        pages.run(place)
        chat.run(place)


if __name__ == "__main__":
    main()
