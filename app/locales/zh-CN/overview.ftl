overview-title = 经营概览
overview-lead-above = 净收入比之前 { $days } 天高 { $change }。
overview-lead-below = 净收入比之前 { $days } 天低 { $change }。
overview-lead-same = 净收入与之前 { $days } 天持平。
overview-lead-alone = 这 { $days } 天的净收入为 { $amount }，此前没有可比数据。
overview-lead-active = { $customers } 位客户下单，其中 { $share } 不是第一次购买。
overview-base = 统计期 { $period }，对比期 { $compared }，日期按 { $zone } 时区。数据版本 { $version }，截至 { $time }。
overview-without-customer = { $count } 个订单没有客户信息：计入收入和订单数，不计入任何客户指标。
overview-groups-more = 全部运行

begin-title = 欢迎使用 Silhouette
begin-lead = 还没有数据。几步即可看到第一张客户画像。
begin-steps = 如何开始
begin-upload = 上传已有数据
begin-upload-sub = 先上传订单或订单明细；客户、活动和触达记录可稍后补充；支持 CSV 和电子表格
begin-upload-do = 上传文件
begin-ask-admin = 请联系管理员
begin-run = 运行 RFM
begin-run-sub = 按最近购买时间和购买频次，把客户分成十个群组
begin-look = 打开一个群组
begin-look-sub = 画像会告诉您这群人与其他人有何不同

figure-net-revenue = 净收入（已扣退款）
figure-active = 下单客户
figure-orders = 订单数
figure-repeat = 复购率
figure-roi = 活动 ROI
figure-from = 此前 { $before }
figure-no-base = 此前没有可比数据

not-converted-title = 有 { $count } 笔金额未计入这些数字
not-converted-text = 这些金额的币种在当日及之前没有已知汇率。上传汇率后即会计入。

chart-revenue-title = 每日收入
chart-revenue-sub = { $currency }，已扣退款；细线为对比期
chart-revenue-end = 数据截至 { $time }，最后一天可能不完整。
chart-revenue-axis = 净收入，{ $currency }
chart-now = 本期
chart-before = 对比期
chart-day = 日期
chart-month = 月份
chart-roi-title = 活动 ROI 走势
chart-roi-sub = （净收入 − 成本）÷ 成本；当月成本与当月触达带来的订单
chart-roi-axis = ROI
chart-revenue-begun = 数据截至 { $time }，当天才刚开始，因此折线未画出这一天；目前为 { $amount }。
begin-people = 添加一起工作的人
begin-people-sub = 营销经理可以查看和分群，团队主管还可以导出报告
begin-people-do = 添加人员
