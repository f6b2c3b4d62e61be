"""Tell a page's boilerplate from its content by tag, class and style. Reads; changes nothing.

The names are those of WordPress, its usual themes, page builders and plug-ins.
"""

import re
from itertools import islice

from bs4 import Tag

from ingest.readers.html.hidden import SPOKEN, in_accordion, is_hidden, is_struck
from ingest.readers.html.tree import attribute, tokens

_NEVER_CONTENT = re.compile("script|style|noscript|template|svg|head|footer|dialog")
_DROPPED_TAGS = re.compile(
    "script|style|noscript|template|svg|head|nav|aside|dialog|canvas|iframe|object|embed|audio"
    "|video|map|form|input|select|textarea|option|datalist|link|meta|title"
)
_DROPPED_ROLES = re.compile(
    "navigation|banner|contentinfo|complementary|search|dialog|alertdialog|menu|menubar|toolbar"
    "|form|alert"
)
# What a book or a note shows nothing of either, or shows beside its text.
_NO_TEXT = re.compile(
    "script|style|noscript|template|svg|head|nav|dialog|canvas|iframe|object|embed|audio|video"
    "|map|input|select|textarea|option|datalist|link|meta|title"
)
_WORDS = (
    # Finding one's way.
    r"(?:[\w-]*[_-])?(?:bread-?crumbs?|breadcrumb-trail|pagination|nav-?links?|skip-?links?)"
    r"|(?:site|main|primary|secondary|mobile|footer|header|top|post|posts|page|comment|single)"
    r"[_-]?(?:nav|navi|navigation|menu|navbar)(?:[_-][\w-]*)?|nav|navi|navbar|navigation|menu"
    r"|(?:sub|dropdown|drop-down)-?(?:nav|menu)[\w-]*|(?:menu|nav)-item|scroll-top"
    r"|(?:[\w-]*[_-])?back-?links?(?:[_-][\w-]*)?|skip-to-[\w-]+|toc_container|ez-toc"
    r"[\w-]*|(?:back|scroll|go)-?to-?top|prev-?next|post-?pagination|page-links|wp-pagenavi"
    # The site's own frame.
    r"|(?:site|page|main|global)[_-](?:header|footer|branding|info)|masthead|colophon|footer"
    r"|(?:foot|header|top|bottom)-?(?:bar|widgets?|area)|wp-block-template-part|topbar"
    r"|sidebars?|(?:left|right|primary|secondary|main|blog)-?sidebar|sidebar-\w+|widget-area|widget"
    # Sharing.
    r"|shar(?:e|ing)|share-[\w-]+|[\w-]+[_-]share|post-?ratings[\w-]*|copyright|(?:[\w-]*[_-])?shar(?:e|ing)[_-]?(?:buttons?|bar|icons?|links?|box|this|post)s?"
    r"|sharedaddy|sd-(?:sharing|block|content|like)[\w-]*|jp-likes[\w-]*|addtoany[\w-]*|a2a_\w+"
    r"|heateor[\w-]*|social(?:-?(?:share|sharing|links?|icons?|media|nav|bar|menu))?s?|sociable|ssba"
    r"|shariff|essb[\w-]*|addthis[\w-]*|sfsi\w*|wp-block-(?:social-links|search|navigation|latest-"
    r"(?:posts|comments)|categories|archives|tag-cloud|post-(?:terms|author|navigation-link|comments"
    r"[\w-]*)|comments[\w-]*|loginout|calendar|avatar)|elementor-(?:share|social)[\w-]*"
    r"|elementor-widget-(?:share-buttons|social-icons|nav-menu|post-navigation|breadcrumbs|post-info"
    r"|author-box|post-comments|search-form|form)|elementor-location-(?:header|footer|popup)"
    # Other posts, the author, labels.
    r"|wp-block-file__button|wp-embed[\w-]*|oembed-[\w-]+|teasers|recommend(?:ed)?"
    r"|(?:[\w-]*[_-])?teaser[_-]?(?:only|s|lists?|collection|grid|slider|container)(?:[_-][\w-]*)?"
    r"|recommended[_-](?:articles|content|stories|reading)|top-?(?:stories|themen|topics|news)"
    r"|(?:[\w-]*[_-])?authors?(?:__[\w-]+)?|(?:[\w-]*[_-])?credits?|(?:[\w-]*[_-])copyright"
    r"|article_?_date"
    r"|[\w-]*(?:related|relacionad[ao]s|similaires|gerelateerd)[\w-]*|wp_rp\w*|yarpp[\w-]*|crp_related|rp4wp[\w-]*|more-?posts"
    r"|similar-?posts?|(?:you-)?may-?also-?like|read-?next|recommended-posts|recent-?posts"
    r"|author-?(?:box|bio|info|card|description)[\w-]*|about-?(?:the-)?author|post-?author[\w-]*"
    r"|vcard|byline|posted-(?:on|by|in)|(?:entry|post|article)-?(?:meta|utility|footer|tags|cats"
    r"|categories|date|views|info)[\w-]*|cat-links|tags-links|tag-?links|tagcloud|edit-link"
    r"|post-views|postmetadata|entry-date|meta-(?:info|data)|wp-caption-dd-none"
    # Readers' voices.
    r"|comments?(?:-?(?:area|list|section|form|wrap|wrapper|respond|template))?|respond|disqus[\w-]*"
    r"|commentlist|kommentare?|comments-[\w-]+|(?:no|leave|add)-?comments?|pingbacks?|trackbacks?|postcomment|fb-comments"
    # Asking for something.
    r"|cookies?(?:[_-](?:banner|bar|box|consent|notice|law|policy-banner|info|popup|message))+"
    r"|cookie(?:law|notice|consent|banner|bar)[\w-]*|cli-[\w-]+|cmplz[\w-]*|gdpr[\w-]*|moove[_-]gdpr"
    r"[\w-]*|borlabs[\w-]*|cc-(?:window|banner)|cky-[\w-]+|onetrust[\w-]*|tarteaucitron[\w-]*"
    r"|(?:[\w-]*[_-])?cookie-?(?:banner|bar|box|confirmation|consent|dialog|hint|notice|notification)"
    r"|cybotcookiebot[\w-]*|klaro|(?:usercentrics|iubenda|didomi|cookiefirst|brlbs|orejime|osano-cm"
    r"|cookieman|wpcc|wcc|truste|qc-cmp2?|eu-cookie|sliding-popup|ccm-widget)(?:-[\w-]+)?|axeptio[\w-]*"
    r"|fc-consent-root|sp_message_[\w-]+|(?:[\w-]+-)?privacy-(?:banner|bar)"
    r"|consent-(?:banner|bar)|[\w-]+-newsletter|wp-block-newsletter[\w-]*|(?:[\w-]*[_-])?cta(?:__?[\w-]+)?|newsletter(?:[_-](?:box|form|signup|subscribe|widget|wrapper|section|"
    r"popup))*|mc4wp-[\w-]+|mailchimp[\w-]*|mailpoet[\w-]*|subscribe(?:-(?:box|form|widget))?"
    r"|subscription[\w-]*|jetpack_subscription_widget|wpcf7[\w-]*|wpforms[\w-]*|gform_wrapper|forminator"
    r"[\w-]*|search-?(?:form|box|bar)|login-?form|popup[\w-]*|pum(?:-[\w-]+)?|modal|lightbox"
    r"|advert(?:isement|s)?|ads?|adsbygoogle|ad-(?:container|banner|wrapper|slot)|banner-ad"
    r"|sponsor(?:ed)?|wpml-ls[\w-]*|lang(?:uage)?-?(?:switcher|selector|menu|item)[\w-]*|pll-\w+"
    r"|print-?(?:link|only|button)|noprint|no-print|printfriendly|post-edit-link|wp-polls"
    rf"|{SPOKEN}"
)
_NAMES = re.compile(_WORDS)
_PROSE = re.compile("h[1-6]|p|li|td")
_NEVER_MISNAMED = re.compile(
    "comment|respond|disqus|cook|gdpr|moove|borlabs|cmplz|cky|consent|onetrust|tarteau|popup|modal"
    "|klaro|usercentrics|iubenda|didomi|brlbs|orejime|axeptio|truste|qc-cmp|ccm-widget|privacy-ba"
    "|lightbox|newsletter|foot|colophon|screen-reader|sr-only|hidden"
)
_FOOTNOTE = re.compile(r"#(?:_?ft|foot|end|fn|_edn|easy-footnote|sdfoot)[\w:.-]*")
_DEPTH = 8  # how far above a button or a header the tag stands that says what it is for


def is_boilerplate(tag: Tag) -> bool:
    """Whether a tag and all inside it are not part of what the page tells."""
    role = attribute(tag, "role").lower()
    if _DROPPED_TAGS.fullmatch(tag.name) or _DROPPED_ROLES.fullmatch(role):
        return True
    if is_hidden(tag) or is_struck(tag) or _is_footnote_mark(tag):
        return True
    if tag.name in {"header", "footer", "button"}:
        return _is_frame(tag)
    if tag.name in {"html", "body"} or is_post(tag) or _is_prose(tag):
        return False
    return _named(tag)


def is_no_text(tag: Tag) -> bool:
    """Whether a tag is no part of what its author wrote, where no site stands around that.

    For e-books, Markdown and Word: what a class is called, a frame or a box beside says nothing.
    """
    is_way = _NO_TEXT.fullmatch(tag.name) or attribute(tag, "role").lower() == "navigation"
    return bool(is_way) or is_hidden(tag) or is_struck(tag) or _is_footnote_mark(tag)


def is_never_content(tag: Tag) -> bool:
    """Whether a tag is no part of what a page tells, even if it holds most of its words."""
    return _NEVER_CONTENT.fullmatch(tag.name) is not None or is_hidden(tag)


def is_misnamed(tag: Tag) -> bool:
    """Whether a tag is taken for boilerplate by a name that content may bear as well.

    A whole page may stand in a menu or an aside that nobody closed.
    """
    if tag.name in {"form", "header", "aside", "nav"}:
        return True
    is_box = tag.name in {"div", "section", "td", "main", "article", "li"}
    return is_box and _named(tag) and not any(map(_NEVER_MISNAMED.search, tokens(tag)))


def is_post(tag: Tag) -> bool:
    """Whether a tag is WordPress' wrapper of a post, whose classes name its categories."""
    names = tokens(tag)
    return tag.name in {"article", "main"} or "hentry" in names or "type-post" in names


def _is_frame(tag: Tag) -> bool:
    ancestors = [parent.name for parent in islice(tag.parents, _DEPTH)]
    if tag.name == "footer":
        return "blockquote" not in ancestors
    if tag.name == "button":
        return not any(re.fullmatch(r"h\d|summary|dt", name) for name in ancestors) and (
            not in_accordion(tag)
        )
    return not {"article", "main", "section"} & set(ancestors) or _named(tag)


def _named(tag: Tag) -> bool:
    return any(_NAMES.fullmatch(token) for token in tokens(tag))


def _is_prose(tag: Tag) -> bool:
    """Whether a tag carries words, whatever its unlucky `id`, such as a heading's `related`."""
    return _PROSE.fullmatch(tag.name) is not None and not tag.get("class")


def _is_footnote_mark(tag: Tag) -> bool:
    """Whether a tag is the `[1]` of a footnote, or the arrow that leads back from it."""
    if tag.name != "a" or not _FOOTNOTE.match(attribute(tag, "href")):
        return False
    words = tag.get_text().strip()
    return len(words) <= len("[999]") and not any(map(str.isalpha, words))
