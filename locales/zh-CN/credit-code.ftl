# 为什么不是统一社会信用代码 (GB 32100)

credit-code-length = 统一社会信用代码应为 18 位，这里是 { $found } 位；请对照营业执照核对。
credit-code-character = 第 { $place } 位的“{ $character }”不会出现在统一社会信用代码中：只用数字和除 I、O、S、V、Z 以外的大写字母。请对照营业执照核对。
credit-code-check = 校验位与前面的字符不符：有字符输错，或相邻字符颠倒。请对照营业执照核对。
