"""The learner's file is included by one that reads JSON into whatever parameters the function declares."""

from collections.abc import Mapping

_NAME = "codezest_call.cpp"
_LEARNERS = "codezest_learner.hpp"
_DRIVER = r"""
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>
#include <unistd.h>
#define main codezest_main_of_the_learner
#include "codezest_learner.hpp"
#undef main

namespace codezest {

[[noreturn]] inline void fail(const std::string& text) {
    std::fflush(stdout);
    std::fputs((text + "\n").c_str(), stderr);
    std::exit(1);
}

struct Reader {
    std::string text;
    std::size_t at = 0;

    char next() {
        while (at < text.size() && std::isspace(static_cast<unsigned char>(text[at]))) ++at;
        return at < text.size() ? text[at] : '\0';
    }
    bool take(char wanted) {
        if (next() != wanted) return false;
        ++at;
        return true;
    }
    void expect(char wanted) {
        if (!take(wanted)) fail("An argument does not fit its parameter.");
    }
    std::string word() {
        next();
        std::size_t start = at;
        while (at < text.size() && std::strchr(",]}: \n\t", text[at]) == nullptr) ++at;
        return text.substr(start, at - start);
    }
};

inline void append_utf8(std::string& out, unsigned long code) {
    if (code < 0x80) out += static_cast<char>(code);
    else if (code < 0x800) { out += static_cast<char>(0xC0 | code >> 6); out += static_cast<char>(0x80 | (code & 63)); }
    else if (code < 0x10000) {
        out += static_cast<char>(0xE0 | code >> 12); out += static_cast<char>(0x80 | (code >> 6 & 63));
        out += static_cast<char>(0x80 | (code & 63));
    } else {
        out += static_cast<char>(0xF0 | code >> 18); out += static_cast<char>(0x80 | (code >> 12 & 63));
        out += static_cast<char>(0x80 | (code >> 6 & 63)); out += static_cast<char>(0x80 | (code & 63));
    }
}

inline void read(Reader& in, std::string& value) {
    in.expect('"');
    value.clear();
    while (in.at < in.text.size() && in.text[in.at] != '"') {
        char c = in.text[in.at++];
        if (c != '\\') { value += c; continue; }
        c = in.text[in.at++];
        static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
        if (const char* found = std::strchr(from, c)) value += to[found - from];
        else if (c == 'u') {
            unsigned long code = std::stoul(in.text.substr(in.at, 4), nullptr, 16);
            in.at += 4;
            if (code >= 0xD800 && code < 0xDC00) {
                code = 0x10000 + ((code - 0xD800) << 10) + (std::stoul(in.text.substr(in.at + 2, 4), nullptr, 16) - 0xDC00);
                in.at += 6;
            }
            append_utf8(value, code);
        } else value += c;
    }
    in.expect('"');
}
[[noreturn]] inline void misfit() { fail("An argument does not fit its parameter."); }
inline void read(Reader& in, bool& value) {
    const std::string word = in.word();
    value = word == "true";
    if (!value && word != "false") misfit();
}
inline void read(Reader& in, char& value) { std::string text; read(in, text); value = text.empty() ? '\0' : text[0]; }
template <class T> std::enable_if_t<std::is_floating_point_v<T>> read(Reader& in, T& value) {
    const std::string word = in.word();
    char* end = nullptr;
    value = static_cast<T>(std::strtold(word.c_str(), &end));
    if (word.empty() || *end != '\0') misfit();
}
template <class T> std::enable_if_t<std::is_integral_v<T>> read(Reader& in, T& value) {
    const std::string word = in.word();
    const bool negative = word[0] == '-';
    char* end = nullptr;
    errno = 0;
    const auto below = negative ? std::strtoll(word.c_str(), &end, 10) : 0LL;
    const auto above = negative ? 0ULL : std::strtoull(word.c_str(), &end, 10);
    value = negative ? static_cast<T>(below) : static_cast<T>(above);
    const bool same = negative ? value < T{} && static_cast<long long>(value) == below
                               : !(value < T{}) && static_cast<unsigned long long>(value) == above;
    if (word.empty() || *end != '\0' || errno != 0 || !same) misfit();
}
template <class T> void read(Reader& in, std::vector<T>& value);
template <class A, class B> void read(Reader& in, std::pair<A, B>& value);
template <class T> void read(Reader& in, std::optional<T>& value);
template <class M> auto read(Reader& in, M& value) -> std::void_t<typename M::mapped_type>;
template <class S> auto read(Reader& in, S& value)
    -> std::enable_if_t<std::is_same_v<typename S::key_type, typename S::value_type>>;

template <class T> void read(Reader& in, std::vector<T>& value) {
    in.expect('[');
    while (!in.take(']')) {
        T item{};
        read(in, item);
        value.push_back(std::move(item));
        in.take(',');
    }
}
template <class A, class B> void read(Reader& in, std::pair<A, B>& value) {
    in.expect('[');
    read(in, value.first);
    in.expect(',');
    read(in, value.second);
    in.expect(']');
}
template <class T> void read(Reader& in, std::optional<T>& value) {
    if (in.next() == 'n') { in.word(); value.reset(); return; }
    T found{};
    read(in, found);
    value = std::move(found);
}
template <class M> auto read(Reader& in, M& value) -> std::void_t<typename M::mapped_type> {
    in.expect('{');
    while (!in.take('}')) {
        std::string key;
        read(in, key);
        in.expect(':');
        typename M::key_type own{};
        if constexpr (std::is_same_v<typename M::key_type, std::string>) own = key;
        else { Reader inner{key}; read(inner, own); }
        read(in, value[own]);
        in.take(',');
    }
}
template <class S> auto read(Reader& in, S& value)
    -> std::enable_if_t<std::is_same_v<typename S::key_type, typename S::value_type>> {
    std::vector<typename S::key_type> items;
    read(in, items);
    value.insert(items.begin(), items.end());
}

inline void write(std::ostream& out, const std::string& value) {
    out << '"';
    for (unsigned char c : value) {
        char escaped[8];
        if (c == '"' || c == '\\') out << '\\' << c;
        else if (c < 0x20) { std::snprintf(escaped, sizeof escaped, "\\u%04x", c); out << escaped; }
        else out << c;
    }
    out << '"';
}
inline void write(std::ostream& out, const char* value) { write(out, std::string(value)); }
inline void write(std::ostream& out, bool value) { out << (value ? "true" : "false"); }
inline void write(std::ostream& out, char value) { write(out, std::string(1, value)); }
template <class T> std::enable_if_t<std::is_floating_point_v<T>> write(std::ostream& out, T value) {
    if (value != value) out << "NaN";
    else if (value - value != 0) out << (value < 0 ? "-Infinity" : "Infinity");
    else { out.precision(17); out << value; }
}
template <class T> std::enable_if_t<std::is_integral_v<T>> write(std::ostream& out, T value) { out << +value; }
template <class A, class B> void write(std::ostream& out, const std::pair<A, B>& value);
template <class T> void write(std::ostream& out, const std::optional<T>& value);
template <class C> auto write(std::ostream& out, const C& value) -> std::void_t<typename C::const_iterator>;

template <class A, class B> void write(std::ostream& out, const std::pair<A, B>& value) {
    out << '[';
    write(out, value.first);
    out << ',';
    write(out, value.second);
    out << ']';
}
template <class T> void write(std::ostream& out, const std::optional<T>& value) {
    if (value) write(out, *value);
    else out << "null";
}
template <class C, class = void> struct is_map : std::false_type {};
template <class C> struct is_map<C, std::void_t<typename C::mapped_type>> : std::true_type {};
template <class C> auto write(std::ostream& out, const C& value) -> std::void_t<typename C::const_iterator> {
    bool first = true;
    out << (is_map<C>::value ? '{' : '[');
    for (const auto& item : value) {
        if (!first) out << ',';
        first = false;
        if constexpr (is_map<C>::value) {
            if constexpr (std::is_same_v<typename C::key_type, std::string>) write(out, item.first);
            else { out << '"'; write(out, item.first); out << '"'; }
            out << ':';
            write(out, item.second);
        } else write(out, static_cast<typename C::value_type>(item));
    }
    out << (is_map<C>::value ? '}' : ']');
}

inline void hand_over(const std::string& text) {
    for (std::size_t at = 0; at < text.size();) {
        ssize_t written = ::write(3, text.data() + at, text.size() - at);
        if (written <= 0) fail("What was returned is too long.");
        at += static_cast<std::size_t>(written);
    }
}

template <class R, class... A, std::size_t... I>
void call(R (*function)(A...), Reader& in, std::index_sequence<I...>) {
    std::tuple<std::decay_t<A>...> given{};
    in.expect('[');
    (void)std::initializer_list<int>{(I ? (in.expect(','), 0) : 0, read(in, std::get<I>(given)), 0)...};
    in.expect(']');
    std::ostringstream said;
    if constexpr (std::is_void_v<R>) {
        function(static_cast<A&&>(std::get<I>(given))...);
        said << "null";
    } else {
        write(said, function(static_cast<A&&>(std::get<I>(given))...));
    }
    hand_over(said.str());
}
template <class R, class... A> void call(R (*function)(A...), Reader& in) {
    call(function, in, std::index_sequence_for<A...>{});
}

}  // namespace codezest

int main() {
    std::ifstream file("codezest_call.json");
    codezest::Reader in{std::string(std::istreambuf_iterator<char>(file), {})};
    in.at = in.text.find("\"arguments\":") + 12;
    codezest::call(&%FUNCTION%, in);
}
"""


def drive_cpp(sources: Mapping[str, str], entry: str, function: str, /) -> tuple[Mapping[str, str], str]:
    """A main function of the learner's is renamed, and never called."""
    others = {name: text for name, text in sources.items() if name != entry}
    learners = f'#line 1 "{entry}"\n{sources[entry]}'
    return {**others, _LEARNERS: learners, _NAME: _DRIVER.replace("%FUNCTION%", function)}, _NAME
