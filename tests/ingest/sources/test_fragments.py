from ingest.sources.fragments import read_fragment

PROSE = f"<p>{'Towns advise each other. ' * 9}</p>"


def test_what_somebody_wrote_is_kept_whole_with_its_lists_of_links() -> None:
    links = (
        "<ul><li><a href='/a/'>Ath</a></li><li><a href='https://mons.example/'>Mons</a></li></ul>"
    )

    extract = read_fragment(f"{PROSE}<h2>Members</h2>{links}", title="Towns", name="towns")

    assert extract.text.endswith("## Members\n\n- Ath\n- Mons")


def test_a_form_that_asks_for_a_password_is_taken_in_place_of_a_text_that_was_closed() -> None:
    form = "<form><p>Enter the password to read this: <input type='password'></p></form>"

    extract = read_fragment(form, title="Protected: A charter on lighting", name="lamps")

    assert extract.text == "Enter the password to read this:"
