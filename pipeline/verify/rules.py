"""The rules that a delivered site is held against: what each finding's code means.

One table, from which docs/findings.md is written. A code never gets another meaning; one that is no longer
used is not given again. Errors are what breaks players or directories, or contradicts another file;
warnings are what a show may have reasons for.

Sources: RSS 2.0.11; Apple's requirements for podcasts; PSP-1; the podcast namespace 1.0; RFC 5005; W3C's
feed validator; jsonfeed.org/version/1.1; WebVTT; ID3v2.3.0 and its Chapter Frame Addendum; EU AI Act, 50.
"""

from ..findings import Finding, Rule, by_rule
from .soundrules import SOUND_RULES

__all__ = ["RULES", "found"]

_AGAIN = "run `make publish` again; if it stays, report it"
_RETAKE = "listen to it; `make listen RETAKE=1` speaks it again"


def _error(title: str, why: str, remedy: str = _AGAIN) -> Rule:
    return Rule("error", title, why, remedy)


def _warning(title: str, why: str, remedy: str) -> Rule:
    return Rule("warning", title, why, remedy)


RULES: dict[str, Rule] = {
    # The feed's files and its channel
    "FEED101": _error("The feed, or a page of it, is not there", "nobody can subscribe"),
    "FEED102": _error("The feed is not well-formed XML in UTF-8", "players refuse all of it"),
    "FEED103": _error("The feed has a DOCTYPE", "entities can be made to fill a reader's memory"),
    "FEED104": _error("The feed is not RSS 2.0 with one channel", "players find no show in it"),
    "FEED105": _error(
        "The site was published for another address", "none of its links and files is where it should be"
    ),
    "FEED110": _error("The channel lacks what every directory asks for", "directories refuse the show"),
    "FEED111": _error("The channel has something twice that stands once", "players take either"),
    "FEED112": _error(
        "A text of the channel has blanks around it, or control characters",
        "W3C's validator refuses it, and players show boxes",
        "delete them from show.yaml",
    ),
    "FEED113": _warning(
        "A text of the channel is longer than 255 characters", "directories cut it (PSP-1)", "shorten it"
    ),
    "FEED114": _error(
        "The show's description is longer than 4000 bytes", "Apple refuses it", "shorten `description`"
    ),
    "FEED115": _error("The show's language is no language tag", "directories list it nowhere (RFC 5646)"),
    "FEED116": _error("itunes:explicit is neither true nor false", "W3C's validator and Apple refuse it"),
    "FEED117": _warning(
        "The category is none of Apple's",
        "Apple lists the show nowhere",
        "choose one of pipeline/verify/categories.py for `category`",
    ),
    "FEED118": _error("itunes:type is neither episodic nor serial", "players order episodes wrongly"),
    "FEED119": _error(
        "The owner's address is no mail address", "nobody can prove to own the show", "mend `email`"
    ),
    "FEED120": _warning(
        "The feed names no owner with a mail address",
        "directories send a code there to see whose feed it is",
        "set `email` of `feed` in show.yaml",
    ),
    "FEED121": _error("podcast:guid is no UUID", "the show cannot be told from others (Podcasting 2.0)"),
    "FEED122": _error("podcast:locked is neither yes nor no", "hosts cannot tell what is asked of them"),
    "FEED123": _error(
        "The channel does not say that its content is made with AI", "Apple asks for it of every such show"
    ),
    "FEED124": _error("lastBuildDate is no date, or in the future", "readers do not ask for the feed again"),
    "FEED125": _error(
        "The feed does not link to itself, or to another address",
        "players lose the feed when it is copied or moved (PSP-1)",
    ),
    "FEED126": _error("The pages of the feed do not lead to each other", "older episodes vanish (RFC 5005)"),
    "FEED127": _error("A link is not a whole web address", "players do not open it, or run it as a program"),
    "FEED128": _warning(
        "The feed's address is http", "Apple wants https, and players warn", "use an https address"
    ),
    "FEED129": _warning(
        "The feed's address is the example's", "nobody can ever reach it", "set `url` of `feed` in show.yaml"
    ),
    "FEED130": _warning(
        "The feed has summary, subtitle or keywords of iTunes",
        "some players show them in place of the description",
        "leave them out",
    ),
    "FEED131": _warning("The feed has no episode", "directories refuse an empty show", "publish an episode"),
    # Its items
    "FEED201": _error("An episode lacks what every player asks for", "players leave it out"),
    "FEED202": _error("An episode has something twice that stands once", "players take either"),
    "FEED203": _error(
        "A text of an episode has blanks around it, or control characters",
        "W3C's validator refuses it, and players show boxes",
        "delete them from the paper",
    ),
    "FEED204": _warning(
        "An episode's title is longer than 255 characters",
        "directories cut it (PSP-1)",
        "shorten the paper's title",
    ),
    "FEED205": _error("An episode's description is longer than 4000 bytes", "Apple refuses it"),
    "FEED206": _error(
        "A guid does not say isPermaLink=false, though it is no address",
        "players open it as a page, and take it for another when that moves",
    ),
    "FEED207": _error("Two episodes have one guid", "players show only one of them"),
    "FEED208": _error("pubDate is no date of RFC 2822", "players sort the episode last, or leave it out"),
    "FEED209": _error("pubDate has the wrong weekday", "strict readers take it for no date (RFC 2822, 3.3)"),
    "FEED210": _error(
        "An episode is of the future",
        "some players leave it out for good",
        "publish it when its day has come",
    ),
    "FEED211": _error(
        "Episodes are not in the order of their dates", "players show an old one as the latest"
    ),
    "FEED212": _error("An enclosure is not of type audio/mpeg", "players do not know how to play it"),
    "FEED213": _error("An enclosure's length is no number of bytes", "players show no size, or refuse it"),
    "FEED214": _error("itunes:duration is no number of seconds", "players show a wrong length"),
    "FEED215": _error("itunes:explicit is neither true nor false", "W3C's validator and Apple refuse it"),
    "FEED216": _error("An episode's number or season is none", "players order episodes wrongly"),
    "FEED217": _error("itunes:episodeType is none", "players may hide it (full, trailer or bonus)"),
    "FEED218": _error("Two episodes of a season have one number", "players order episodes wrongly"),
    "FEED219": _error(
        "Notes hold HTML that can act", "it runs where players and pages show it", "delete it from notes.j2"
    ),
    "FEED220": _error(
        "A link in notes is no web address", "players do not open it", "mend it in the paper or in notes.j2"
    ),
    "FEED221": _error(
        "An episode does not say that its content is made with AI", "Apple asks for it of every episode"
    ),
    "FEED222": _warning(
        "Notes do not credit the paper's authors",
        "the work is theirs",
        'say "Credit to Paper authors: …" in scripts/site/notes.j2',
    ),
    "FEED223": _warning(
        "An episode has no WebVTT transcript", "deaf listeners are left out", "publish it anew"
    ),
    "FEED224": _error("A transcript's or chapters' type is not that of its file", "players do not read it"),
    "FEED225": _error("An address of this site names no file of it", "players find nothing there"),
    "FEED226": _error("A file of an episode is not of this site", "it cannot be verified, and may change"),
    "FEED227": _warning("An episode has no chapters file", "players show no chapters", "publish it anew"),
    # feed.json
    "FEED301": _error("The JSON feed is not there, or is none", "its readers see no show"),
    "FEED302": _error("The JSON feed says otherwise than the RSS feed", "readers get two different shows"),
    # Sound
    "EPIS101": _error("An episode's length in bytes is not that of its file", "downloads are cut or fail"),
    "EPIS102": _error("An episode is no MP3 of MPEG-1 layer III", "players do not play it"),
    "EPIS103": _error("An MP3 does not say how long it is", "players guess, and cannot seek"),
    "EPIS104": _error("An MP3 is not whole", "it ends in the middle of a sentence"),
    "EPIS105": _error("An episode's duration is not that of its sound", "players show a wrong length"),
    "EPIS106": _error("Two episodes have one file", "one of them says what the other should"),
    "EPIS107": _error(
        "A file has other bytes than those it is named after",
        "it was damaged, or changed by hand",
        "delete it and run `make publish` again",
    ),
    # Transcripts
    "CAPT101": _error("A transcript cannot be read", "players show none of it"),
    "CAPT102": _error("A cue ends before it has begun", "players leave it out (WebVTT, 4.1)"),
    "CAPT103": _error("Cues are not in the order of time", "players show them late or never"),
    "CAPT104": _error("Cues overlap", "players show one over the other"),
    "CAPT105": _error("A cue lies beyond the end of the sound", "the transcript is of another sound"),
    "CAPT106": _error("Transcripts of one episode differ", "listeners read what is not said"),
    "CAPT107": _error("A transcript is not what the episode says", "listeners read what is not said"),
    "CAPT108": _warning(
        "Nothing in the episode says that its voice is synthetic",
        "Apple wants it heard, and so does article 50 of the EU's AI Act",
        "set `disclose_synthetic_voice`, or say it in scripts/outro.j2",
    ),
    "CAPT109": _error(
        "A transcript beside the MP3 is not the episode's",
        "it was changed, or is of another",
        "delete it, then make",
    ),
    # Chapters
    "CHAP101": _error("A file of chapters cannot be read", "players show no chapters"),
    "CHAP102": _error("The first chapter does not begin at 0", "Apple and Spotify then show none"),
    "CHAP103": _error("Chapters are not at least a second after each other", "players join or mix them"),
    "CHAP104": _error("A chapter lies beyond the end of the sound", "players jump to the end"),
    "CHAP105": _warning(
        "An episode has fewer than three chapters",
        "Apple and Spotify then show none",
        "give the running order more sections, or the paper headings",
    ),
    "CHAP106": _error("Chapters in the MP3 and in the file differ", "players show one or the other"),
    "CHAP107": _error("Chapters in the notes are not those of the episode", "Apple and Spotify show those"),
    "CHAP108": _warning(
        "Notes do not list the chapters",
        "Spotify shows only those",
        "put notes.chapters into scripts/site/notes.j2",
    ),
    "CHAP109": _error(
        "The table of contents does not name every chapter in order",
        "some players then show none (Chapter Frame Addendum, 3.2)",
    ),
    "CHAP110": _error(
        "Chapters in the MP3 are not where their sentences begin",
        "players jump into the middle of one",
        "delete the file, then make",
    ),
    # Tags
    "TAGS101": _error("An MP3 has no ID3v2 tag that can be read", "players show a file's name"),
    "TAGS102": _error("A tag is not ID3v2.3", "common players lose its chapters"),
    "TAGS103": _error("Something that is no sound follows the sound", "players cut titles, or crackle"),
    "TAGS104": _error("A tag is padded", "some readers warn, and every download is larger"),
    "TAGS105": _warning(
        "A tag is larger than 300 kB", "some hosts drop it", "take a smaller cover, or a shorter paper"
    ),
    "TAGS106": _error("A tag lacks what every episode has", "players and shelves show a gap"),
    "TAGS107": _error("A frame is there twice", "players show either (ID3v2.3.0, 4)"),
    "TAGS108": _error("Chapters are not in the order of time in the file", "players show them as they come"),
    "TAGS109": _error("TGID is not the feed's guid", "players take file and feed for two episodes"),
    "TAGS110": _error("The number in the tags is not the feed's", "players order episodes wrongly"),
    "TAGS111": _error("The tags say otherwise than the feed", "an episode has two names"),
    "TAGS112": _error("The tags do not say that the voice is synthetic", "Apple asks for it in the metadata"),
    "TAGS113": _error("The comment does not credit the paper's authors", "the work is theirs"),
    "TAGS114": _error("TLEN is not the length of the sound", "players show a wrong length"),
    "TAGS115": _warning(
        "The day in the tags is not the feed's",
        "players sort file and feed differently",
        "keep a paper's `date`",
    ),
    "TAGS116": _error("The episode is a draft", "it was never meant to be heard", "make it, then publish it"),
    "TAGS117": _error(
        "A tag does not say what the episode is",
        "it was changed, or is of before",
        "delete the file, then make",
    ),
    # Pictures
    "ART101": _error("A cover is neither JPEG nor PNG", "directories show a grey square"),
    "ART102": _error("A cover's suffix is not that of its format", "directories refuse it"),
    "ART103": _error("A cover is not square", "directories refuse it", "make the picture square"),
    "ART104": _error("A cover has too few or too many pixels", "directories refuse it (1400 to 3000)"),
    "ART105": _error(
        "A cover is not in plain colours", "it is shown inverted, or black (8 bits, RGB, no alpha)"
    ),
    "ART106": _error("A cover has too many bytes", "hosts and players drop it"),
    "ART107": _error("A cover is cut short", "its lower part is grey"),
    "ART108": _error(
        "The cover in the MP3 is not the episode's", "it was changed", "delete the file, then make"
    ),
    # What never changes
    "LOCK101": _error(
        "podcast:guid is not that of show.lock.yaml",
        "directories take it for another show",
        "restore the lock",
    ),
    "LOCK102": _error(
        "An episode's guid is not in show.lock.yaml",
        "every listener gets it again as a new one",
        "restore the lock, or publish again",
    ),
    "LOCK103": _error("An episode's number is not what it was", "players order episodes anew"),
    "LOCK104": _error("An episode's date is not when it was first published", "it rises up as a new one"),
    "LOCK105": _warning(
        "A published episode is no longer in the feed",
        "who has not heard it cannot",
        "give its paper back, or rename its key in show.lock.yaml",
    ),
    "LOCK106": _error(
        "A guid was another paper's", "players show the wrong one as heard", "restore show.lock.yaml"
    ),
    # Speech, as a recogniser hears it (`make listen`)
    "LIST101": _error("A line of an episode is not heard", "listeners miss what it says", _RETAKE),
    "LIST102": _error("A line of an episode is heard twice", "listeners take it for a fault", _RETAKE),
    "LIST103": _error("A line of an episode is not heard whole", "listeners miss how it goes on", _RETAKE),
    "LIST104": _error(
        "Something else is heard than a line of an episode says",
        "listeners hear what nobody wrote, and transcripts say otherwise",
        _RETAKE,
    ),
    "LIST105": _warning(
        "A line of an episode is hardly understood",
        "listeners may not understand it either",
        "listen to it; reword it, or respell its names in voices/lexicon.yaml",
    ),
    # Pages
    "PAGE101": _error("A link leads to nothing", "readers meet an error"),
    "PAGE102": _error(
        "A page loads something of another site",
        "its readers are told to strangers",
        "put the file into scripts/site/",
    ),
    "PAGE103": _error(
        "A page holds script of its own",
        "text of a paper could run",
        "put scripts into a file of scripts/site/",
    ),
    "PAGE104": _error("A page cannot be read", "browsers show rubbish", "save its template as UTF-8"),
    "PAGE105": _error("The site has no first page", "its address shows nothing"),
    "PAGE106": _error("A link leads to a place that its page lacks", "it does nothing", "mend the template"),
    "PAGE107": _warning(
        "A page lacks its language, its title, or words for a picture",
        "screen readers read it wrongly (WCAG 2.2, 1.1.1, 2.4.2, 3.1.1)",
        "add lang, title or alt to the template",
    ),
    **SOUND_RULES,
}


def found(code: str, where: str, what: str, at_s: float | None = None) -> Finding:
    """A finding of the rule with this code. at_s: where in the sound, in seconds."""
    return by_rule(code, RULES[code], where, what, at_s=at_s)
