"""What the lines of an incident's timeline are called, on pages and in reports."""

from records.language import Bilingual

INCIDENT_EVENTS = {
    "opened": Bilingual("登记工单", "Ticket opened"),
    "incident:described": Bilingual(
        "写下报告和通知要用的内容", "Described for reports and notices"
    ),
    "incident:revised": Bilingual("补充事实", "Facts revised"),
    "incident:clock-settled": Bilingual("时限了结", "Clock ended"),
    "incident:step-taken": Bilingual("完成步骤", "Step taken"),
    "incident:step-skipped": Bilingual("跳过步骤", "Step skipped"),
    "incident:step-handed-over": Bilingual("移交步骤", "Step handed over"),
    "incident:awareness-corrected": Bilingual("更正知悉时间", "Awareness corrected"),
    "incident:awareness-decided": Bilingual("决定知悉时间更正", "Correction of awareness decided"),
    "incident:reviewed": Bilingual("复盘", "Reviewed"),
    "incident:action-done": Bilingual("完成整改行动", "Action done"),
    "incident:action-reopened": Bilingual("整改行动退回重做", "Action sent back"),
    "incident:evidence-added": Bilingual("加入证据", "Evidence added"),
    "drill:inject": Bilingual("传来情况", "Came in"),
    "drill:ended": Bilingual("演练结束，得分", "Drill ended, score"),
    "incident:noted": Bilingual("备注", "Note"),
    "incident:moved": Bilingual("状态", "State"),
    "incident:closed": Bilingual("关闭，附总结报告", "Closed with its report"),
    "incident:reminded": Bilingual("提醒", "Reminder"),
    "incident:drafted": Bilingual("起草文书", "Draft written"),
    "notice:written": Bilingual("起草客户通知", "Notice to clients written"),
    "notice:released": Bilingual("客户通知交付发送", "Notice to clients released"),
    "incident:exported": Bilingual("导出材料包", "Bundle exported"),
}
