// The standard library: layers and losses written in the language itself, lib/*.nn, which the build
// embeds in the program so that it needs no files beside it.
//
//     for (const LibraryFile& file : library_files()) sources.add(file.name, file.text);
#pragma once

#include <span>
#include <string_view>

namespace chainrule {

struct LibraryFile {
    std::string_view name;  // `layers.nn`, without a folder
    std::string_view text;
};

// All files, sorted by name; the views live as long as the program.
std::span<const LibraryFile> library_files();

}  // namespace chainrule
