tags-lead-none = 标签为每位客户给出至多一个值：按规则、按最常见的行为、按分群结果，或由您上传。
tags-lead = 共 { $n ->
   *[other] { $count }
} 个标签，其中 { $expired } 个已过期。
tags-none = 还没有标签
tags-none-text = 标签只需定义一次，规则、画像和成员名单中都可使用。
tags-catalogue = 标签目录
tags-catalogue-sub = 最新的在前；覆盖率为有任一值的客户占全部客户的比例
tags-all-folders = 全部文件夹
tags-shown = { $n ->
   *[other] { $count } 个标签
}
tag-new = 新建标签
tag-edit = 修改
tag-edit-title = 修改“{ $name }”
tag-save = 保存
tag-saved = 标签已保存。
tag-values-saved = 编号的值已更新。
tag-deleted = 标签已删除。
tag-not-saved = 标签未保存
tag-name = 名称
tag-folder = 文件夹
tag-description = 说明
tag-owner = 负责人
tag-kind = 类型
tag-kind-rule = 规则
tag-kind-best = 最常见的行为
tag-kind-model = 分群运行
tag-kind-uploaded = 上传的编号
tag-kind-sub-rule = 客户符合的第一条规则决定其值
tag-kind-sub-best = 客户最常见的品类、支付方式、渠道或时间
tag-kind-sub-model = 分群把客户划入的群组
tag-kind-sub-uploaded = 您上传的客户编号及其值
tag-value = 值
tag-values = 各个值
tag-values-sub = 每位客户至多一个
tag-more-values = { $n ->
   *[other] 另有 { $count } 个
}
tag-coverage = 覆盖率
tag-last-use = 最近使用
tag-never-used = 尚未使用
tag-state = 状态
tag-counts = 有效
tag-until = 有效至 { $day }
tag-expired = 已过期
tag-no-answer = 无法计算
tag-expired-title = { $day }之后已过期
tag-expired-text = 该标签不再属于任何客户，引用它的规则会被拒绝，以免群体在无提示的情况下改变。设置更晚的最后日期即可恢复。
tag-always = 长期有效
tag-last-day = 最后日期
tag-last-day-help = 留空表示长期有效。
tag-lead = { $n ->
   *[other] { $customers } 位客户拥有该标签，占全部客户的 { $share }。
}
tag-nobody = 没有客户拥有该标签。
tag-any-value = 任一值
tag-version = 数据版本
tag-version-of = 版本 { $version }，{ $time }
tag-history = 变化过程
tag-history-sub = 占全部客户的比例，按数据版本
tag-history-more = { $n ->
   *[other] 另有 { $count } 个较小的值未绘出，见各个值的表格。
}
tag-history-begins = 下一个数据版本起开始有历史记录。
tag-meaning = 含义
tag-means-rule = { $n ->
   *[other] { $count } 条规则，按此顺序判断
}
tag-means-best = 依据画像和规则中的字段“{ $field }”
tag-means-newest = { $method }最新的有结果的运行
tag-means-run = 固定为运行 { $run }，不随之后的运行变化
tag-means-uploaded = { $n ->
   *[other] 已上传 { $ids } 个编号
}
tag-in-rules = 规则这样引用该标签或它的一个值：
tag-about = 关于该标签
tag-made = 创建时间
tag-changed = 修改时间
tag-used-by = 被引用
tag-used-by-sub = 被规则引用期间，名称不能修改，也不能删除
tag-used-by-none = 没有分群或标签引用它。
tag-user-tag = 标签
tag-user-segment = 分群 { $id }
tag-delete = 删除该标签
tag-tiers = 按顺序排列的值
tag-tiers-help = 客户符合的第一条生效。空行不计；保存后再次修改可增加更多行。
tag-tier-value = 值 { $number }
tag-tier-segment = 值 { $number }：分群成员
tag-tier-rule = 值 { $number }：或使用自己的规则
tag-tier-json = JSON 规则
tag-no-segment = 不使用分群
tag-of = 最常见的行为
tag-of-help = 与画像中的字段相同；并列时取字母顺序靠前者。
tag-follow = 分群运行
tag-follow-help = “最新运行”随每次新运行变化；固定的运行不再改变。此处列出最近 100 次运行。
tag-follow-newest = { $method }：始终为最新运行
tag-follow-run = { $method }：运行 { $run }
tag-ids = 编号和值
tag-ids-help = 每行一个：编号,值 或 来源:编号,值。最多 2 MB；更多请使用 API。
tag-ids-later = 保存标签后，在标签页面上填写编号。
tag-ids-give = 填写编号的值
tag-ids-give-sub = 尚未出现的编号，一旦出现即获得其值
tag-ids-how = 其他编号
tag-ids-change = 保持不变
tag-ids-replace = 失去该标签
tag-ids-do = 填写
audit-did-tag-create = 新建标签
audit-did-tag-update = 修改标签
audit-did-tag-delete = 删除标签
audit-did-tag-values = 更新标签编号的值
audit-did-tag-export = 导出标签成员
