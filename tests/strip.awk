# Prints "file:line: code" of C files without comments and with empty literals,
# so that the checks do not stumble over words in prose.
function code_of(s,    out, token, literal) {
    out = ""
    while (s != "") {
        if (in_comment) {
            if (!index(s, "*/"))
                return out
            s = substr(s, index(s, "*/") + 2)
            in_comment = 0
            out = out " "
        }
        if (!match(s, /\/\*|\/\/|["']/))
            return out s
        token = substr(s, RSTART, RLENGTH)
        out = out substr(s, 1, RSTART - 1)
        s = substr(s, RSTART + RLENGTH)
        if (token == "//")
            return out
        if (token == "/*") {
            in_comment = 1
        } else {
            literal = token == "\"" ? "^([^\"\\\\]|\\\\.)*\"" \
                                    : "^([^'\\\\]|\\\\.)*'"
            s = match(s, literal) ? substr(s, RLENGTH + 1) : ""
            out = out token token
        }
    }
    return out
}
FNR == 1 { in_comment = 0 }
{ print FILENAME ":" FNR ": " code_of($0) }
