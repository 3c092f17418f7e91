// Row I2 of the list of bad inputs, as far as gzip goes.
#include "data/data_source.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <thread>

#include "test_files.h"

namespace chainrule {
namespace {

std::string read_on(DataSource& source) {
    std::string all;
    std::string buffer(1000, '\0');
    while (const std::size_t got = source.read(buffer)) {
        all += buffer.substr(0, got);
    }
    return all;
}

std::string read_source(std::string_view bytes) {
    const TempFolder folder;
    DataSource source(folder.write("d", bytes));
    return read_on(source);
}

std::string source_refusal(std::string_view bytes) {
    const TempFolder folder;
    const std::string path = folder.write("d", bytes);
    return without_folder(refusal([&] {
                              DataSource source(path);
                              read_on(source);
                          }),
                          folder);
}

std::string long_text() {
    std::string text;
    for (int i = 0; i < 200'000; ++i) {
        text += std::to_string(i * 7919 % 100'003) + ",";
    }
    return text;
}

TEST(DataSource, gives_plain_bytes_as_they_are) {
    EXPECT_EQ(read_source(""), "");
    EXPECT_EQ(read_source("\x1f"), "\x1f");
    EXPECT_EQ(read_source(long_text()), long_text());
}

TEST(DataSource, unpacks_gzip_whatever_the_name) {
    EXPECT_EQ(read_source(gzip_of("1,2\n")), "1,2\n");
    EXPECT_EQ(read_source(gzip_of("")), "");
    EXPECT_EQ(read_source(gzip_of(long_text())), long_text());
    EXPECT_EQ(read_source(gzip_of("one,") + gzip_of("") + gzip_of("two")), "one,two");
}

TEST(DataSource, lets_the_first_bytes_be_seen_without_using_them_up) {
    const TempFolder folder;
    for (const std::string& bytes : {long_text(), gzip_of(long_text())}) {
        DataSource source(folder.write("d", bytes));
        EXPECT_EQ(source.peek(4), long_text().substr(0, 4));
        EXPECT_EQ(source.peek(2), long_text().substr(0, 2));
        EXPECT_EQ(read_on(source), long_text());
        source.rewind(DataSource::Reading::last);
        EXPECT_EQ(read_on(source), long_text());
    }
    DataSource brief(folder.write("d", gzip_of("ab")));
    EXPECT_EQ(brief.peek(4), "ab");
}

TEST(DataSource, unpacks_a_pipe_twice_over) {
    const TempFolder folder;
    const std::string path = folder / "fifo";
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    std::thread writer([&] { folder.write("fifo", gzip_of(long_text())); });
    DataSource source(path);
    EXPECT_EQ(read_on(source), long_text());
    writer.join();
    EXPECT_EQ(source.most_bytes(), ByteStream::unknown);
    source.rewind(DataSource::Reading::last);
    EXPECT_EQ(read_on(source), long_text());
}

TEST(DataSource, waits_for_no_more_of_a_pipe_than_is_there_unless_asked_to) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const auto write = [&](std::string_view text) {
        ASSERT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    };
    write("\x93N1");
    DataSource source("/proc/self/fd/" + std::to_string(ends[0]));
    EXPECT_FALSE(source.begins_with("\x93NUMPY"));
    EXPECT_TRUE(source.begins_with("\x93N"));
    std::string buffer(100, '\0');
    EXPECT_EQ(source.read(buffer, DataSource::Fill::what_is_there), 3U);
    EXPECT_FALSE(source.is_ready(std::chrono::milliseconds(1)));
    write("23");
    EXPECT_TRUE(source.is_ready(std::chrono::milliseconds(0)));
    EXPECT_EQ(source.read(buffer, DataSource::Fill::what_is_there), 2U);
    write("45");
    ::close(ends[1]);
    source.rewind(DataSource::Reading::last);
    EXPECT_EQ(source.read(buffer), 7U) << "what was kept and what comes";
    EXPECT_EQ(buffer.substr(2, 5), "12345");
    EXPECT_EQ(source.read(buffer), 0U);
    ::close(ends[0]);
}

TEST(DataSource, packed_bytes_of_a_pipe_are_there_when_they_make_any) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const auto write = [&](std::string_view packed) {
        ASSERT_EQ(::write(ends[1], packed.data(), packed.size()),
                  static_cast<ssize_t>(packed.size()));
    };
    constexpr std::chrono::milliseconds moment{1};
    GzipMember member;
    const std::string first = member.add("abc", Z_SYNC_FLUSH);
    write(first.substr(0, 10));
    DataSource source("/proc/self/fd/" + std::to_string(ends[0]));
    EXPECT_FALSE(source.is_ready(moment)) << "the header alone makes nothing";
    write(first.substr(10));
    EXPECT_TRUE(source.is_ready(moment));
    std::string buffer(100, '\0');
    EXPECT_EQ(source.read(buffer, DataSource::Fill::what_is_there), 3U);
    EXPECT_FALSE(source.is_ready(moment));
    // More than there is room for, of few packed bytes.
    write(member.add(std::string(250, 'd'), Z_SYNC_FLUSH));
    EXPECT_TRUE(source.is_ready(moment));
    for (const std::size_t got : {100U, 100U, 50U}) {
        EXPECT_EQ(source.read(buffer, DataSource::Fill::what_is_there), got);
    }
    write(member.add("ef", Z_FINISH) + gzip_of("gh"));
    EXPECT_EQ(source.read(buffer, DataSource::Fill::what_is_there), 4U);
    EXPECT_FALSE(source.is_ready(moment)) << "a further member may follow";
    ::close(ends[1]);
    EXPECT_TRUE(source.is_ready(moment)) << "the end";
    EXPECT_EQ(source.read(buffer, DataSource::Fill::what_is_there), 0U);
    source.rewind(DataSource::Reading::last);
    std::string whole(300, '\0');
    EXPECT_EQ(source.read(whole), 257U);
    EXPECT_EQ(whole.substr(0, 257), "abc" + std::string(250, 'd') + "efgh");
    ::close(ends[0]);
}

TEST(DataSource, refuses_gzip_that_is_cut_short_at_every_length) {
    const std::string packed = gzip_of("some text, some text, some text");
    for (std::size_t length = 2; length < packed.size(); ++length) {
        EXPECT_EQ(
            source_refusal(packed.substr(0, length)),
            "d is cut short: its packed data ends in the middle: fetch or copy the file again");
    }
}

TEST(DataSource, refuses_gzip_with_a_wrong_bit_where_the_format_can_tell) {
    const std::string packed = gzip_of(long_text());
    std::string broken = packed;
    broken[packed.size() / 2] ^= 0x10;
    EXPECT_TRUE(contains(source_refusal(broken), "d is broken: its packed data is wrong ("));
    std::string checksum = packed;
    checksum[packed.size() - 8] ^= 1;
    EXPECT_EQ(
        source_refusal(checksum),
        "d is broken: its packed data is wrong (incorrect data check): fetch or copy the file "
        "again");
}

TEST(DataSource, refuses_what_follows_gzip_and_is_none) {
    EXPECT_EQ(source_refusal(gzip_of("text") + "more"),
              "d has bytes after the end of its packed data: fetch or copy the file again");
}

}  // namespace
}  // namespace chainrule
