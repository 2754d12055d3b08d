"""The same assistant in Feishu (飞书) or Lark, over the long connection. Needs the extra `feishu`."""
