
#pragma GCC diagnostic ignored "-Wunused-function"
extern void *codezest_fopen(const char *, const char *) __asm__("fopen");
extern void *codezest_fdopen(int, const char *) __asm__("fdopen");
extern unsigned long codezest_fread(void *, unsigned long, unsigned long, void *) __asm__("fread");
extern unsigned long codezest_fwrite(const void *, unsigned long, unsigned long, void *) __asm__("fwrite");
extern int codezest_fclose(void *) __asm__("fclose");
extern void *codezest_realloc(void *, unsigned long) __asm__("realloc");
extern long double codezest_strtold(const char *, char **) __asm__("strtold");
extern int codezest_snprintf(char *, unsigned long, const char *, ...) __asm__("snprintf");
extern int codezest_dprintf(int, const char *, ...) __asm__("dprintf");
extern void codezest_exit(int) __asm__("exit") __attribute__((noreturn));

static char *codezest_in_, *codezest_out_;
static unsigned long codezest_used_, codezest_room_;
static int codezest_position_;

static void codezest_fail(const char *text_) {
    codezest_dprintf(2, "%s\n", text_);
    codezest_exit(1);
}
static void codezest_misfit(void) {
    codezest_dprintf(2, "Argument %d of the call does not fit the parameter of your function.\n", codezest_position_);
    codezest_exit(1);
}
static void *codezest_room(void *place_, unsigned long size_) {
    place_ = codezest_realloc(place_, size_ ? size_ : 1);
    if (!place_) codezest_fail("There is not enough memory for this call.");
    return place_;
}

static char codezest_next(void) {
    while (*codezest_in_ == ' ') ++codezest_in_;
    return *codezest_in_;
}
static int codezest_take(char wanted_) {
    if (codezest_next() != wanted_) return 0;
    ++codezest_in_;
    return 1;
}
static void codezest_expect(char wanted_) {
    if (!codezest_take(wanted_)) codezest_misfit();
}
static unsigned long long codezest_digits(int negative_, unsigned long long most_) {
    unsigned long long value_ = 0;
    int any_ = 0;
    for (; *codezest_in_ >= '0' && *codezest_in_ <= '9'; ++codezest_in_, any_ = 1) {
        unsigned digit_ = (unsigned)(*codezest_in_ - '0');
        if (value_ > (most_ - digit_) / 10) codezest_misfit();
        value_ = value_ * 10 + digit_;
    }
    if (!any_ || *codezest_in_ == '.' || *codezest_in_ == 'e' || *codezest_in_ == 'E') codezest_misfit();
    return negative_ ? 0 - value_ : value_;
}
static void codezest_read_signed(void *place_, unsigned long size_) {
    int negative_ = codezest_take('-');
    unsigned long long most_ = (1ULL << (size_ * 8 - 1)) - (negative_ ? 0 : 1);
    codezest_next();
    unsigned long long value_ = codezest_digits(negative_, most_);
    __builtin_memcpy(place_, &value_, size_);
}
static void codezest_read_unsigned(void *place_, unsigned long size_) {
    codezest_next();
    unsigned long long value_ = codezest_digits(0, ~0ULL >> (64 - size_ * 8));
    __builtin_memcpy(place_, &value_, size_);
}
static void codezest_read_floating(void *place_, unsigned long size_) {
    char *end_;
    char first_ = codezest_next();
    if (first_ == '"' || first_ == '[' || first_ == '{' || first_ == 't' || first_ == 'f' || first_ == 'n') codezest_misfit();
    long double value_ = codezest_strtold(codezest_in_, &end_);
    double double_ = (double)value_;
    float float_ = (float)value_;
    if (end_ == codezest_in_) codezest_misfit();
    codezest_in_ = end_;
    if (size_ == sizeof float_) __builtin_memcpy(place_, &float_, size_);
    else if (size_ == sizeof double_) __builtin_memcpy(place_, &double_, size_);
    else __builtin_memcpy(place_, &value_, size_);
}
static void codezest_read_bool(void *place_, unsigned long size_) {
    (void)size_;
    codezest_next();
    _Bool value_ = !__builtin_strncmp(codezest_in_, "true", 4);
    if (!value_ && __builtin_strncmp(codezest_in_, "false", 5)) codezest_misfit();
    codezest_in_ += value_ ? 4 : 5;
    *(_Bool *)place_ = value_;
}
static unsigned long codezest_hexadecimal(void) {
    unsigned long code_ = 0;
    for (int left_ = 4; left_ > 0; --left_, ++codezest_in_) {
        char digit_ = *codezest_in_;
        code_ = code_ * 16 + (unsigned long)(digit_ <= '9' ? digit_ - '0' : (digit_ | 32) - 'a' + 10);
    }
    return code_;
}
static char *codezest_utf8(char *out_, unsigned long code_) {
    if (code_ < 0x80) *out_++ = (char)code_;
    else if (code_ < 0x800) *out_++ = (char)(0xC0 | code_ >> 6);
    else if (code_ < 0x10000) *out_++ = (char)(0xE0 | code_ >> 12);
    else { *out_++ = (char)(0xF0 | code_ >> 18); *out_++ = (char)(0x80 | (code_ >> 12 & 63)); }
    if (code_ >= 0x800) *out_++ = (char)(0x80 | (code_ >> 6 & 63));
    if (code_ >= 0x80) *out_++ = (char)(0x80 | (code_ & 63));
    return out_;
}
static void codezest_read_text(void *place_, unsigned long size_) {
    (void)size_;
    codezest_expect('"');
    char *end_ = codezest_in_;
    while (*end_ != '"') end_ += *end_ == '\\' ? 2 : 1;
    char *text_ = (char *)codezest_room(0, (unsigned long)(end_ - codezest_in_) + 1), *out_ = text_;
    while (codezest_in_ < end_) {
        char one_ = *codezest_in_++;
        if (one_ != '\\') { *out_++ = one_; continue; }
        one_ = *codezest_in_++;
        unsigned long code_ = one_ == 'n' ? '\n' : one_ == 't' ? '\t' : one_ == 'r' ? '\r' : one_ == 'b' ? '\b' : one_ == 'f' ? '\f'
            : one_ == 'u' ? codezest_hexadecimal() : (unsigned long)one_;
        if (code_ >= 0xD800 && code_ < 0xDC00 && codezest_in_[0] == '\\' && codezest_in_[1] == 'u') {
            codezest_in_ += 2;
            code_ = 0x10000 + ((code_ - 0xD800) << 10) + (codezest_hexadecimal() - 0xDC00);
        }
        out_ = codezest_utf8(out_, code_);
    }
    *out_ = 0;
    ++codezest_in_;
    __builtin_memcpy(place_, &text_, sizeof text_);
}
static void codezest_read_char(void *place_, unsigned long size_) {
    char *text_;
    codezest_read_text(&text_, size_);
    if (!text_[0] || text_[1]) codezest_misfit();
    *(char *)place_ = text_[0];
}
typedef void codezest_reader(void *, unsigned long);
static void *codezest_read_array(unsigned long *count_, unsigned long size_, codezest_reader *item_) {
    char *items_ = 0;
    unsigned long room_ = 0;
    *count_ = 0;
    codezest_expect('[');
    for (; !codezest_take(']'); codezest_take(',')) {
        if (*count_ == room_) items_ = (char *)codezest_room(items_, (room_ = room_ ? room_ * 2 : 8) * size_);
        item_(items_ + (*count_)++ * size_, size_);
    }
    return codezest_room(items_, *count_ * size_);
}
static void *codezest_read_rows(
    unsigned long *rows_, void **lengths_, unsigned long length_size_, unsigned long size_, codezest_reader *item_
) {
    void **made_ = 0;
    char *all_ = 0;
    unsigned long room_ = 0;
    *rows_ = 0;
    codezest_expect('[');
    for (; !codezest_take(']'); codezest_take(',')) {
        unsigned long length_;
        if (*rows_ == room_) {
            room_ = room_ ? room_ * 2 : 8;
            made_ = (void **)codezest_room(made_, room_ * sizeof *made_);
            all_ = (char *)codezest_room(all_, room_ * length_size_);
        }
        made_[*rows_] = codezest_read_array(&length_, size_, item_);
        __builtin_memcpy(all_ + *rows_ * length_size_, &length_, length_size_);
        ++*rows_;
    }
    *lengths_ = codezest_room(all_, *rows_ * length_size_);
    return codezest_room(made_, *rows_ * sizeof *made_);
}

static void codezest_say(const char *text_, unsigned long length_) {
    if (codezest_used_ + length_ > codezest_room_)
        codezest_out_ = (char *)codezest_room(codezest_out_, codezest_room_ = 2 * (codezest_used_ + length_) + 64);
    __builtin_memcpy(codezest_out_ + codezest_used_, text_, length_);
    codezest_used_ += length_;
}
static void codezest_say_all(const char *text_) { codezest_say(text_, __builtin_strlen(text_)); }
static void codezest_write_unsigned(const void *place_, unsigned long size_) {
    unsigned long long value_ = 0;
    char digits_[24];
    __builtin_memcpy(&value_, place_, size_);
    codezest_snprintf(digits_, sizeof digits_, "%llu", value_);
    codezest_say_all(digits_);
}
static void codezest_write_signed(const void *place_, unsigned long size_) {
    unsigned long long value_ = 0;
    char digits_[24];
    __builtin_memcpy(&value_, place_, size_);
    if (size_ < sizeof value_ && value_ >> (size_ * 8 - 1)) value_ |= ~0ULL << (size_ * 8);
    codezest_snprintf(digits_, sizeof digits_, "%lld", (long long)value_);
    codezest_say_all(digits_);
}
static void codezest_write_floating(const void *place_, unsigned long size_) {
    float float_;
    double double_;
    long double value_;
    char digits_[64];
    if (size_ == sizeof float_) { __builtin_memcpy(&float_, place_, size_); value_ = float_; }
    else if (size_ == sizeof double_) { __builtin_memcpy(&double_, place_, size_); value_ = double_; }
    else __builtin_memcpy(&value_, place_, size_);
    if (value_ != value_) codezest_say_all("NaN");
    else if (value_ - value_ != 0) codezest_say_all(value_ < 0 ? "-Infinity" : "Infinity");
    else {
        codezest_snprintf(digits_, sizeof digits_, "%.*Lg", size_ == sizeof float_ ? 9 : 17, value_);
        codezest_say_all(digits_);
    }
}
static void codezest_write_bool(const void *place_, unsigned long size_) {
    (void)size_;
    codezest_say_all(*(const _Bool *)place_ ? "true" : "false");
}
static void codezest_write_bytes(const char *text_, unsigned long length_) {
    codezest_say_all("\"");
    for (; length_ > 0; --length_, ++text_) {
        char escaped_[8];
        if (*text_ == '"' || *text_ == '\\') codezest_say_all("\\");
        if ((unsigned char)*text_ < 0x20) {
            codezest_snprintf(escaped_, sizeof escaped_, "\\u%04x", (unsigned)*text_);
            codezest_say_all(escaped_);
        } else codezest_say(text_, 1);
    }
    codezest_say_all("\"");
}
static void codezest_write_char(const void *place_, unsigned long size_) { codezest_write_bytes((const char *)place_, size_); }
static void codezest_write_text(const void *place_, unsigned long size_) {
    const char *text_;
    __builtin_memcpy(&text_, place_, size_);
    if (text_) codezest_write_bytes(text_, __builtin_strlen(text_));
    else codezest_say_all("null");
}
typedef void codezest_writer(const void *, unsigned long);
static void codezest_write_array(const void *items_, unsigned long count_, unsigned long size_, codezest_writer *item_) {
    codezest_say_all("[");
    for (unsigned long at_ = 0; at_ < count_; ++at_) {
        if (at_) codezest_say_all(",");
        item_((const char *)items_ + at_ * size_, size_);
    }
    codezest_say_all("]");
}
static void codezest_write_rows(
    const void *const *items_, unsigned long rows_, const void *lengths_, unsigned long length_size_, unsigned long size_,
    codezest_writer *item_
) {
    codezest_say_all("[");
    for (unsigned long at_ = 0; at_ < rows_; ++at_) {
        unsigned long length_ = 0;
        __builtin_memcpy(&length_, (const char *)lengths_ + at_ * length_size_, length_size_);
        if (at_) codezest_say_all(",");
        codezest_write_array(items_[at_], length_, size_, item_);
    }
    codezest_say_all("]");
}

static void codezest_begin(void) {
    void *file_ = codezest_fopen("codezest_call.json", "rb");
    unsigned long used_ = 0, room_ = 0, got_ = 1;
    char *text_ = 0;
    for (; file_ && got_; used_ += got_) {
        text_ = (char *)codezest_room(text_, (room_ = 2 * room_ + 4096) + 1);
        got_ = codezest_fread(text_ + used_, 1, room_ - used_, file_);
        text_[used_ + got_] = 0;
    }
    text_ = text_ ? __builtin_strstr(text_, "\"arguments\":") : 0;
    if (!text_) codezest_fail("The call cannot be read.");
    codezest_fclose(file_);
    codezest_in_ = text_ + 12;
    codezest_expect('[');
}
static void codezest_argument(int position_) {
    codezest_position_ = position_;
    if (position_ > 1) codezest_expect(',');
}
static void codezest_end_arguments(void) {
    ++codezest_position_;
    if (!codezest_take(']')) codezest_fail("Your function is called with more arguments than it has parameters.");
}
static void codezest_hand_over(void) {
    void *file_ = codezest_fdopen(3, "wb");
    if (!file_ || codezest_fwrite(codezest_out_, 1, codezest_used_, file_) != codezest_used_ || codezest_fclose(file_))
        codezest_fail("What was returned is too long.");
}
