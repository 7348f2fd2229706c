"""Page furniture: page numbers, running heads, and what web sites put around a document."""
from __future__ import annotations

import re

_RUNNING = re.compile(
    r"(?:[-—–－·.\s]{0,4}\d{1,4}[-—–－·.\s]{0,4}|第\s*\d{1,4}\s*页(?:[,，/\s]{0,3}共\s*\d{1,4}\s*页)?"
    r"|共\s*\d{1,4}\s*页|\d{1,4}\s*/\s*\d{1,4}"
    r"|.{2,30}(?:委员会|人民政府)公报|\d{4}\s*年公报第.{1,4}号(?:[（(]总第.{1,8}[)）])?)")
_SITE = re.compile(
    r"(?:(?:当前|您(?:现在)?(?:的|所在)的?)\s*位置\s*[:：]?.{0,80}|首\s*页|网站首页|上一[页篇条].{0,80}|下一[页篇条].{0,80}"
    r"|尾页|末页|[\d\s]{1,30}尾页|跳转到|确\s*定|确认|关\s*闭|关闭窗口|打印本页|【?打印】?|【?关闭】?|返回顶部|返回首页"
    r"|分享(?:到|至)?\s*[:：]?.{0,20}|扫一扫.{0,30}|字\s*[体号]\s*[:：].{0,20}|【字[体号][:：]?.{0,20}"
    r"|大|中|小|】|\[|\]|>|》|"
    r"浏览(?:次数|量)?\s*[:：]?\s*\d*\s*次?|点击(?:数|量|率|次数)\s*[:：]?.{0,10}|联系我们|网站地图|无障碍(?:浏览|阅读)?"
    r"|收藏本[站页]|设为首页|加入收藏|登录|注册|搜索|更多"
    r"|相关(?:链接|文档|新闻|阅读|资讯|附件|解读)|栏目导航|网站导航|[一二三]审\s*[:：].{0,20}|立即获取|有想补充的信息.{0,20}"
    r"|投稿提示|我已阅读并同意.{0,20}|\*{3,}|-{3,}|—{4,}|_{3,}|={3,}|<!--.{0,200}-->|\\?\[/?\w{1,20}\]"
    r"|.{0,60}(?:版权所有|ICP备|公网安备|网站标识码|政府网站标识|Copyright|All Rights Reserved).{0,120}"
    r"|(?:主办|承办|技术支持|协办|维护)(?:单位)?\s*[:：].{0,60})", re.I)
_WORD = re.compile(r"\w")
_LONGEST = 200


def is_running_head(line: str) -> bool:
    """Whether a line is a page number or the running head of a page."""
    return len(line) <= 50 and bool(_RUNNING.fullmatch(line))


def is_furniture(line: str) -> bool:
    """Whether a line is furniture of a page or a site: its words say so, or it has none (icons,
    rules). Looks at lines of up to 200 characters."""
    return len(line) <= _LONGEST and bool(
        _RUNNING.fullmatch(line) or _SITE.fullmatch(line) or not _WORD.search(line))
