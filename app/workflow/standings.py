"""What comes first for a pupil who stands otherwise than a kind of case asks (the matrix of workflows.md): one sentence a status, where the kind has none of its own."""

WHAT_FIRST = {  # student_current_status; "" is a pupil who is still applied for
    "": "请等登记办结以后再办理",
    "01": "学生在读，不用办理",
    "02": "休学的请先办理复学",
    "03": "学籍已因退学终结；误办的，由最后核办的主管教育行政部门撤销",
    "06": "流失的请先办理返校",
    **dict.fromkeys(("07", "08", "09"), "已经离校，由升入的学校办理；信息有误的，由主管教育行政部门更正"),
    "10": "已经转出，由现在的学校办理；转回来的，请办理转学",
    "11": "学籍已经注销；误报的，由主管教育行政部门撤销",
    "14": "学籍已因开除终结；误办的，由最后核办的主管教育行政部门撤销",
    "91": "出国（境）的请先办理回国",
    "92": "学籍已经注销；误办的，由主管教育行政部门撤销",
    "93": "学籍已经并入另一份，请在保留的学籍上办理",
    "94": "登记没有办成，请重新登记",
    "95": "问题学籍已经删除；误删的，由主管教育行政部门撤销",
}
OTHERWISE = "请核对学籍；状态有误的，由主管教育行政部门更正"


def what_first(status, own=None) -> str:
    """`own` are the kind's sentences, by status."""
    return (own or {}).get(status) or WHAT_FIRST.get(status or "", OTHERWISE)
