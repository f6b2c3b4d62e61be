from ingest.sources.fragments import read_fragment

PROSE = f"<p>{'Towns advise each other. ' * 9}</p>"


def test_what_somebody_wrote_is_kept_whole_with_its_lists_of_links() -> None:
    links = (
        "<ul><li><a href='/a/'>Ath</a></li><li><a href='https://mons.example/'>Mons</a></li></ul>"
    )

    extract = read_fragment(f"{PROSE}<h2>Members</h2>{links}", title="Towns", name="towns")

    assert extract.text.endswith("## Members\n\n- Ath\n- Mons")
