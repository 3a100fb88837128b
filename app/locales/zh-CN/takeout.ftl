# 把分群或运行的成员导出为文件。
takeout-title = 导出成员
takeout-sub = 每位客户一行，包含您勾选的列。属性与行为取自最新数据。
takeout-group = 组
takeout-all-groups = 所有组
takeout-kind-id = 客户
takeout-kind-run = 运行结果
takeout-kind-personal = 个人信息
takeout-kind-attribute = 属性
takeout-kind-behaviour = 行为
takeout-kind-model = 当前运行中的组
takeout-kind-tag = 标签
takeout-age-band = 年龄段
takeout-score-segment = 组
takeout-score-r = 近度得分
takeout-score-f = 频度得分
takeout-score-m = 金额得分
takeout-score-recency = 距上次下单天数
takeout-score-frequency = 订单数
takeout-score-monetary = 消费额
takeout-model = { $method }：{ $score }
takeout-no-personal = 姓名、地址等个人信息只提供给拥有“{ $right }”权限的人。
takeout-logged = 审计日志会记录谁导出了哪些列。

# 接收通知的其他系统。
webhook-title = 通知其他系统
webhook-sub = 每当数据有新版本、人数越过阈值时发出通知。通知带签名，失败后约一个半小时内会重试。
webhook-none = 此分群没有通知任何系统。
webhook-add = 添加地址
webhook-url = 地址
webhook-url-help = 会收到一个 JSON 格式的 POST 请求，包含分群、人数与阈值，不含任何客户。
webhook-threshold = 阈值
webhook-direction = 触发条件
webhook-direction-both = 升至或跌破阈值
webhook-direction-rises = 升至阈值
webhook-direction-falls = 跌破阈值
webhook-create = 添加
webhook-made = 地址已添加。
webhook-made-text = 通知用此密钥签名。请现在交给接收方：之后不再显示。
webhook-seen = { $n ->
   *[other] 数据版本 { $version } 中有 { $size } 位客户
}
webhook-not-seen = 尚未检查
webhook-last = 最近一次通知
webhook-never = 尚未发送
webhook-event-segment-rose = 升至阈值
webhook-event-segment-fell = 跌破阈值
webhook-event-test = 测试
webhook-state-waiting = 发送中
webhook-state-delivered = 已送达
webhook-state-failed = 失败
webhook-test = 发送测试
webhook-delete = 删除
webhook-done-tested = 测试已发出。
webhook-done-tested-text = 稍后重新加载页面即可查看结果。
webhook-done-untold = 地址已删除。
