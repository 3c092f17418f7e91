// A file that is written whole or not at all.
//
// The bytes go to a temporary file in the same folder; commit() flushes it to disk, renames it over
// the old file and flushes the folder. Whatever fails before the rename, the old file is as it was
// and the temporary one is gone. A symbolic link is followed. What is no regular file (a terminal,
// a pipe, /dev/null) cannot be renamed over and is written in place.
//
// A process that is killed leaves its temporary file behind, `.model.safetensors.tmp-4711-0`. It
// harms nothing; remove_left_behind() takes away those that no running process writes.
//
// Errors: UserError naming path and reason: no such folder, a directory, read-only (an existing
// file without write permission is not replaced), no space.
//
//     AtomicFile file("model.safetensors");
//     file.write(bytes);
//     file.commit();
#pragma once

#include <string>
#include <string_view>

namespace chainrule {

class AtomicFile {
public:
    explicit AtomicFile(const std::string& path);
    // Without commit(), leaves everything as it was.
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void write(std::string_view bytes);
    // Writes over the first bytes, which have been written.
    void write_over_start(std::string_view bytes);
    void commit();

private:
    void open_temporary(unsigned mode, bool has_mode);
    void flush_folder() const;
    void discard();
    [[noreturn]] void fail(int error);

    std::string path_;       // as given, for messages
    std::string target_;     // with symbolic links followed
    std::string temporary_;  // empty where writing in place, and once there is none
    int descriptor_ = -1;
};

// Of earlier writes to `path`. What cannot be removed stays, without a word.
void remove_left_behind(const std::string& path);

void write_file_atomically(const std::string& path, std::string_view bytes);

}  // namespace chainrule
