fault-email = 这不是有效的邮箱地址。
fault-password = 密码至少需要 10 个字符。
fault-old-password = 当前密码不正确。
fault-role = 请选择一个角色。
fault-name = 不能使用这个名称。
