// Row X1 of the list of bad inputs: a file is written whole or not at all.
#include "data/atomic_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <thread>

#include "test_files.h"

namespace chainrule {
namespace {

TEST(AtomicFile, writes_a_new_file_and_replaces_an_old_one) {
    const TempFolder folder;
    const std::string path = folder / "m";
    write_file_atomically(path, "old");
    EXPECT_EQ(read_bytes(path), "old");
    write_file_atomically(path, "new and longer");
    EXPECT_EQ(read_bytes(path), "new and longer");
    EXPECT_EQ(folder.entries(), 1U);
}

TEST(AtomicFile, leaves_the_old_file_alone_until_commit) {
    const TempFolder folder;
    const std::string path = folder.write("m", "old");
    {
        AtomicFile file(path);
        file.write("half of the ne");
        EXPECT_EQ(read_bytes(path), "old");
    }
    EXPECT_EQ(read_bytes(path), "old");
    EXPECT_EQ(folder.entries(), 1U);
}

TEST(AtomicFile, refuses_a_directory_and_a_folder_that_is_not_there) {
    const TempFolder folder;
    const std::string directory = folder / "";
    EXPECT_EQ(refusal([&] { write_file_atomically(directory, "x"); }),
              "cannot write " + directory + ": it is a directory; name a file");
    const std::string inside = folder / "absent/m";
    EXPECT_EQ(refusal([&] { write_file_atomically(inside, "x"); }),
              "cannot write " + inside + ": No such file or directory");
    EXPECT_EQ(refusal([] { write_file_atomically("", "x"); }), "cannot write : the name is empty");
    EXPECT_EQ(folder.entries(), 0U);
}

TEST(AtomicFile, refuses_a_read_only_file_and_keeps_it) {
    const TempFolder folder;
    const std::string path = folder.write("m", "old");
    ::chmod(path.c_str(), 0444);
    EXPECT_EQ(refusal([&] { write_file_atomically(path, "new"); }),
              "cannot write " + path + ": the file is read-only");
    EXPECT_EQ(read_bytes(path), "old");
    EXPECT_EQ(folder.entries(), 1U);
}

TEST(AtomicFile, refuses_a_read_only_folder) {
    if (::geteuid() == 0) {
        GTEST_SKIP() << "root may write to every folder";
    }
    const TempFolder folder;
    const std::string path = folder.write("m", "old");
    ::chmod((folder / "").c_str(), 0555);
    EXPECT_EQ(refusal([&] { write_file_atomically(path, "new"); }),
              "cannot write " + path + ": Permission denied");
    ::chmod((folder / "").c_str(), 0755);
    EXPECT_EQ(read_bytes(path), "old");
}

TEST(AtomicFile, keeps_the_old_file_and_removes_its_own_when_the_disk_gives_out) {
    const TempFolder folder;
    const std::string path = folder.write("m", "old");
    // A limit on the size of files stands in for a full disk: the write fails half-way.
    struct rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    const struct rlimit small{1000, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const std::string message =
        refusal([&] { write_file_atomically(path, std::string(5000, 'n')); });
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    EXPECT_EQ(message, "cannot write " + path + ": File too large");
    EXPECT_EQ(read_bytes(path), "old");
    EXPECT_EQ(folder.entries(), 1U);
}

TEST(AtomicFile, names_a_full_device) {
    if (!std::filesystem::exists("/dev/full")) {
        GTEST_SKIP() << "this system has no /dev/full";
    }
    EXPECT_EQ(refusal([] { write_file_atomically("/dev/full", "x"); }),
              "cannot write /dev/full: No space left on device");
    EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
}

TEST(AtomicFile, writes_to_what_is_no_file_in_place) {
    const TempFolder folder;
    const std::string path = folder / "fifo";
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    std::string received;
    std::thread reader([&] { received = read_bytes(path); });
    write_file_atomically(path, "through the pipe");
    reader.join();
    EXPECT_EQ(received, "through the pipe");
    EXPECT_TRUE(std::filesystem::is_fifo(path));
}

TEST(AtomicFile, follows_a_symbolic_link_and_keeps_permissions) {
    const TempFolder folder;
    const std::string target = folder.write("target", "old");
    ::chmod(target.c_str(), 0640);
    std::filesystem::create_symlink("target", folder / "link");
    write_file_atomically(folder / "link", "new");
    EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
    EXPECT_EQ(read_bytes(target), "new");
    struct stat status{};
    ::stat(target.c_str(), &status);
    EXPECT_EQ(status.st_mode & 0777, 0640U);
}

TEST(AtomicFile, gives_a_new_file_the_usual_permissions) {
    const TempFolder folder;
    const mode_t before = ::umask(0022);
    write_file_atomically(folder / "m", "x");
    ::umask(before);
    struct stat status{};
    ::stat((folder / "m").c_str(), &status);
    EXPECT_EQ(status.st_mode & 0777, 0644U);
}

TEST(AtomicFile, takes_a_name_without_a_folder) {
    const TempFolder folder;
    const std::filesystem::path before = std::filesystem::current_path();
    std::filesystem::current_path(folder / "");
    write_file_atomically("m", "x");
    std::filesystem::current_path(before);
    EXPECT_EQ(read_bytes(folder / "m"), "x");
}

}  // namespace
}  // namespace chainrule
