# Why a text is no unified social credit code (GB 32100).

credit-code-length = A unified social credit code has 18 characters, this one has { $found }; compare it with the business licence.
credit-code-character = “{ $character }” at place { $place } stands in no unified social credit code: it holds digits and capital letters without I, O, S, V and Z. Compare it with the business licence.
credit-code-check = The last character does not fit the others: one is mistyped or two are swapped. Compare the code with the business licence.
