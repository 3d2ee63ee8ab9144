"""The events of the trace: what each is called and which facts it must carry. A missing or unknown fact is an error at once."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    title: str
    facts: tuple = ()
    words: str = ""  # how the timeline says it, from the facts; else the title
    number: str = "编号"  # what its fact `number` is


EVENTS = {
    # the house
    "house.settled": Kind("建立系统", ("kind",)),
    "house.restored": Kind("从备份恢复", ("backup", "made_at", "heads")),  # heads: how long each chain was in the backup
    "house.backed_up": Kind("备份", ("file",)),
    "audit.verified": Kind("核验留痕", ("holds", "said")),
    "signin.succeeded": Kind("登录", ("address",)),
    "signin.failed": Kind("登录失败", ("username", "address"), "登录失败：{username}"),
    "signin.ended": Kind("退出登录", ("why",)),
    "signin.switched": Kind("换岗位", ("post",), "换到岗位：{post}"),
    "signin.killed": Kind("强制退出一次登录", ("username",)),
    "account.created": Kind("新建账号", ("username", "name")),
    "account.changed": Kind("修改账号", ("username", "changes")),
    "account.reset": Kind("重置密码", ("username",)),
    "account.sealed": Kind("封存账号", ("username", "why")),
    "account.opened": Kind("启用账号", ("username",)),
    "account.closed": Kind("停用账号", ("username", "why")),
    "password.changed": Kind("修改密码", ("username",)),
    "post.proposed": Kind("提出授予岗位", ("username", "post", "reason")),
    "post.confirmed": Kind("确认授予岗位", ("username", "post")),
    "post.declined": Kind("不同意授予岗位", ("username", "post", "reason")),
    "post.ended": Kind("免去岗位", ("username", "post", "reason")),
    "body.created": Kind("新建机构", ("name", "tier")),
    "body.changed": Kind("修改机构", ("name", "changes")),
    "bodies.imported": Kind("导入机构", ("number",), number="机构数"),
    "calendar.changed": Kind("修改工作日历", ("changes",)),
    "term.set": Kind("设置学年学期", ("year", "number", "from", "until"), "设置 {year} 学年第 {number} 学期", number="学期"),
    "grade.created": Kind("新建年级", ("grade",)),
    "class.created": Kind("新建班级", ("class", "code")),
    "class.changed": Kind("修改班级", ("class", "changes")),
    "class.checked": Kind("核查学籍", ("class", "registered", "present", "note"), "核查{class}：学籍在读 {registered} 人，实到 {present} 人"),
    "group.set": Kind("设置复式班", ("group", "classes")),
    "quota.set": Kind("核定招生计划", ("school", "stage", "year", "old", "new", "reason")),
    "policy.set": Kind("设置规则", ("profile", "changes", "from")),
    # the record
    "student.edited": Kind("修改信息", ("changes",)),
    "suggestion.made": Kind("提出修改建议", ("changes", "reason")),
    "suggestion.accepted": Kind("采纳修改建议", ("changes", "suggested_by"), "采纳{suggested_by}的修改建议"),
    "suggestion.declined": Kind("不采纳修改建议", ("items", "suggested_by", "note"), "不采纳{suggested_by}的修改建议：{items}"),
    "suggestion.withdrawn": Kind("撤回修改建议", ("items",), "撤回修改建议：{items}"),
    "award.recorded": Kind("登记奖励", ("changes",)),
    "punishment.recorded": Kind("登记处分", ("changes",)),
    "punishment.lifted": Kind("撤销处分", ("changes",)),
    "conduct.voided": Kind("作废奖惩记录", ("changes",)),
    "absence.noted": Kind("登记缺课", ("absent_from", "note"), "登记缺课：从 {absent_from} 起"),
    "absence.visited": Kind("登记劝返", ("visited_on", "visitors", "manner", "result"), "劝返：{visited_on}，{manner}，{result}"),
    "absence.reported": Kind("辍学学生情况报告", ("reason", "whereabouts"), "辍学学生情况报告：{reason}，{whereabouts}"),
    "absence.ended": Kind("缺课结束", ("back_on", "note"), "缺课结束：{back_on} 返校"),
    "absence.voided": Kind("作废缺课登记", ("absent_from", "reason")),
    "problem.marked": Kind("列为问题学籍", ("problem", "note"), "列为问题学籍：{problem}"),
    "problem.closed": Kind("问题学籍办结", ("problem", "outcome", "note"), "问题学籍办结：{problem}，{outcome}"),
    "student.revealed": Kind("查看完整号码", ("what", "reason"), "查看完整号码：{what}"),
    "student.photo": Kind("更换照片", ("size",)),
    "photos.uploaded": Kind("批量上传照片", ("filename", "count", "class")),
    "photos.downloaded": Kind("下载照片处理结果", ("filename",)),
    "student.printed": Kind("打印", ("paper", "times"), "打印{paper}（第 {times} 次）"),
    "figures.exported": Kind("导出统计表", ("purpose",), "导出{purpose}"),
    "students.exported": Kind("导出学生名单", ("number", "columns", "purpose"), number="人数"),
    "students.printed": Kind("打印名单", ("paper", "number"), "打印名单：{paper}", number="人数"),
    "class.moved": Kind("调班", ("from", "to"), "调班：{from} → {to}"),
    "asked.bounded": Kind("查重、查找达到上限", ("act", "number"), "{act}：一天里查重、查找的学生达到上限", number="学生数"),
    "merge.looked_up": Kind("查找学生（合并重复学籍）", ("by",), "查找学生（合并重复学籍），按{by}"),
    "student.looked_up": Kind("查找学生（转学）", ("by",), "查找学生（转学），按{by}"),
    # papers
    "document.issued": Kind("开具证明", ("paper", "number", "purpose"), "开具{paper}：{number}"),
    "documents.issued": Kind("成批开具证明", ("paper", "count", "first", "last", "purpose"), "成批开具{paper}，共 {count} 份：{first} 至 {last}"),
    "document.reissued": Kind("补发证明", ("paper", "number", "reason"), "补发{paper}：{number}"),
    "document.voided": Kind("作废证明", ("paper", "number", "reason"), "作废{paper}：{number}"),
    "document.printed": Kind("打印证明", ("paper", "number", "times"), "打印{paper}：{number}（第 {times} 次）"),
    "documents.printed": Kind("成批打印证明", ("paper", "count"), "成批打印{paper}，共 {count} 份"),
    # cases
    "case.started": Kind("提交申请", ("kind", "number"), "{kind}：提交申请"),
    "case.acted": Kind("办理", ("kind", "number", "step", "action", "reason", "note", "in_place_of", "effects"), "{kind}，{step}：{action}"),
    "case.resubmitted": Kind("重新提交", ("kind", "number", "changes"), "{kind}：补正后重新提交"),
    "cases.acted": Kind("批量办理", ("kind", "step", "action", "number", "cases", "effects"), "{kind}，{step}：{action}（批量）", number="件数"),
    "case.reversed": Kind("撤销已生效业务", ("kind", "number", "undone", "reason", "effects"), "撤销已生效的{kind}：{undone}"),
    "task.done": Kind("办结待办事项", ("task", "happened", "note"), "办结：{task}"),
    "case.clear_asked": Kind("请求清理在办业务", ("number", "note"), "请求清理在办业务：{number}"),
    "case.evidence": Kind("增加材料", ("number", "material", "action"), "{action}材料：{material}"),
    "instruction.given": Kind("签发允许外招指令", ("number", "school", "year"), "签发允许外招指令：{school}，{year}年"),
    "instruction.taken_back": Kind("收回允许外招指令", ("number", "school", "reason"), "收回允许外招指令：{school}"),
    "instruction.lapsed": Kind("允许外招指令失效", ("school", "year"), "允许外招指令失效：{school}，{year}年，逾期未调档"),
    # imports
    "import.uploaded": Kind("上传名册", ("filename", "school")),
    "import.applied": Kind("导入名册", ("filename", "number", "cases"), number="人数"),
    "import.withdrawn": Kind("撤销导入", ("filename", "number", "reason"), number="人数"),
    "import.downloaded": Kind("下载出错名册", ("filename",)),
    # demo
    "demo.settled": Kind("建立演示数据", ("students", "seed")),
}

# what a fact is called on a page
LABELS = {
    "second": "两人办理", "plan": "招生计划", "stayed": "留在原班", "closed": "关闭的班级", "pupil": "学生", "state": "状态", "status": "学籍状态",
    "kind": "类别", "backup": "备份", "made_at": "备份时间", "heads": "各链长度", "file": "文件", "holds": "完好", "said": "结论", "address": "来源地址",
    "username": "账号", "why": "原因", "post": "岗位", "name": "名称", "changes": "改动", "reason": "理由", "tier": "层级", "number": "编号", "year": "年份",
    "from": "原来或起始", "until": "截止", "grade": "年级", "class": "班级", "code": "编码", "group": "复式班", "classes": "班级", "school": "学校", "stage": "学段",
    "old": "原来", "new": "现在", "profile": "规则", "what": "内容", "size": "大小", "paper": "文书", "times": "次数", "columns": "列", "purpose": "用途", "to": "现在",
    "step": "环节", "action": "办理", "note": "说明", "in_place_of": "代办", "effects": "结果", "cases": "业务", "material": "材料", "filename": "文件",
    "by": "查找依据", "act": "业务", "problem": "问题类型", "outcome": "处理方式", "undone": "所撤销的业务", "task": "事项", "happened": "到校日期", "paper_void": "作废的证明", "over": "超过班额",
    "registered": "学籍在读人数", "present": "实到人数", "absent_from": "缺课起", "visited_on": "日期", "visitors": "劝返人", "manner": "方式", "result": "结果", "whereabouts": "去向", "back_on": "返校日期",
    "suggested_by": "建议人", "items": "项目", "students": "学生", "seed": "种子", "numbers": "给号", "corrected": "更正", "released": "释放名额", "count": "份数", "first": "首份编号", "last": "末份编号",
}


def label(name, fact) -> str:
    """What a fact of an event is called."""
    return EVENTS[name].number if fact == "number" and name in EVENTS else LABELS.get(fact, fact)
