// Rows N1 to N4 of the list of bad inputs; the good files and those of other types are NumPy's own
// (tests/data/npy/make_files.py).
#include "data/npy.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/array_file.h"
#include "test_files.h"

namespace chainrule {
namespace {

using Shape = std::vector<std::size_t>;
using Doubles = std::vector<double>;

const std::string folder_of_numpy = std::string(CHAINRULE_SOURCE_DIR) + "/tests/data/npy/";

NumberArray read_file(const std::string& path) {
    DataSource source(path);
    return read_npy(source.stream());
}

NumberArray numpy(const std::string& name) { return read_file(folder_of_numpy + name + ".npy"); }

Doubles values(const NumberArray& array) {
    Doubles numbers(array.numbers.size());
    array.numbers.copy_to(numbers, 0);
    return numbers;
}

// The message for these bytes, without "d.npy is not a valid NPY file: " where it begins so.
std::string read_refusal(std::string_view bytes) {
    const TempFolder folder;
    const std::string path = folder.write("d.npy", bytes);
    const std::string message = without_folder(refusal([&] { read_file(path); }), folder);
    const std::string_view head = "d.npy is not a valid NPY file: ";
    return message.starts_with(head) ? message.substr(head.size()) : message;
}

std::string little(std::uint32_t number, std::size_t bytes) {
    std::string text;
    for (std::size_t i = 0; i < bytes; ++i) {
        text += static_cast<char>(number >> (8 * i));
    }
    return text;
}

// Version 1.0 with this header and data.
std::string npy(const std::string& header, const std::string& data) {
    return "\x93NUMPY" + std::string("\1\0", 2) +
           little(static_cast<std::uint32_t>(header.size()), 2) + header + data;
}

// Of bytes in this shape.
std::string npy_of(const std::string& shape, const std::string& data) {
    return npy("{'descr': '|u1', 'fortran_order': False, 'shape': " + shape + ", }\n", data);
}

// --- what NumPy writes ----------------------------------------------------------------------

TEST(Npy, reads_every_type_of_number_that_numpy_writes_in_both_byte_orders) {
    const Doubles with_sign{-4, -1, 2, 5, 8, 11};
    for (const char* name : {"i1", "little_i2", "little_i4", "little_i8", "little_f4", "little_f8",
                             "big_i2", "big_i4", "big_i8", "big_f4", "big_f8"}) {
        EXPECT_EQ(numpy(name).shape, (Shape{2, 3})) << name;
        EXPECT_EQ(values(numpy(name)), with_sign) << name;
    }
    const Doubles without_sign{0, 40, 80, 120, 160, 200};
    for (const char* name : {"u1", "little_u2", "little_u4", "little_u8", "big_u2"}) {
        EXPECT_EQ(values(numpy(name)), without_sign) << name;
    }
    EXPECT_EQ(values(numpy("bool")), (Doubles{0, 0, 1, 1, 1, 1}));
    EXPECT_EQ(values(numpy("vector")), (Doubles{3, 1, 2}));
}

TEST(Npy, keeps_bytes_and_floats_as_they_are) {
    EXPECT_EQ(numpy("u1").numbers.format(), NumberFormat::u8);
    EXPECT_EQ(numpy("bool").numbers.format(), NumberFormat::u8);
    EXPECT_EQ(numpy("little_f4").numbers.format(), NumberFormat::f32);
    EXPECT_EQ(numpy("big_f4").numbers.format(), NumberFormat::f32);
    EXPECT_EQ(numpy("little_f8").numbers.format(), NumberFormat::f64);
    EXPECT_EQ(numpy("little_i2").numbers.format(), NumberFormat::f32);
    EXPECT_EQ(numpy("little_i4").numbers.format(), NumberFormat::f64);
}

TEST(Npy, reads_all_three_versions) {
    for (const char* name : {"little_f4", "version_2", "version_3"}) {
        EXPECT_EQ(values(numpy(name)), (Doubles{-4, -1, 2, 5, 8, 11})) << name;
    }
}

TEST(Npy, transposes_the_order_of_fortran) {
    EXPECT_EQ(values(numpy("fortran")), (Doubles{-4, -1, 2, 5, 8, 11}));
    const NumberArray array = numpy("fortran_3d");
    EXPECT_EQ(array.shape, (Shape{2, 3, 4}));
    for (std::size_t i = 0; i < 24; ++i) {
        EXPECT_EQ(array.numbers[i], static_cast<double>(i));
    }
}

TEST(Npy, refuses_other_types_by_name) {
    const std::string mend = ", which cannot be read: save it as float32, float64 or integers";
    const std::vector<std::pair<std::string, std::string>> cases{
        {"half", "\"<f2\" (floats of this size)"},
        {"complex", "\"<c8\" (complex numbers)"},
        {"objects", "\"|O\" (Python objects)"},
        {"structured", "\"[('a', '<i4'), ('b', '<f4')], 'fortran_o...\" (structured)"},
        {"text", "\"<U2\" (text)"},
        {"dates", "\"<M8[D]\" (dates)"}};
    for (const auto& [name, type] : cases) {
        const std::string path = folder_of_numpy + name + ".npy";
        EXPECT_EQ(refusal([&] { read_file(path); }),
                  path + " holds elements of NumPy's type " + type + mend);
    }
    EXPECT_TRUE(contains(refusal([] { numpy("scalar"); }),
                         "it holds a single number, not an array of examples"));
}

// --- N1 -------------------------------------------------------------------------------------

TEST(Npy, refuses_a_wrong_beginning) {
    EXPECT_EQ(read_refusal("\x93NUMP"), "its beginning is cut short: 5 of 8 bytes");
    EXPECT_EQ(read_refusal("\x93NUMPX\1\0\0\0"), "its beginning is cut short: 7 of 8 bytes");
    EXPECT_EQ(read_refusal(std::string("\x93NUMPX\1\0\0\0", 10)),
              "it does not begin with \\x93NUMPY");
    for (const auto& [version, shown] : std::vector<std::pair<std::string, std::string>>{
             {std::string("\x09\0", 2), "9.0"}, {"\1\1", "1.1"}, {std::string(2, '\0'), "0.0"}}) {
        EXPECT_EQ(read_refusal("\x93NUMPY" + version + little(0, 4)),
                  "its version is " + shown + "; there are 1.0, 2.0 and 3.0");
    }
}

TEST(Npy, refuses_a_header_that_is_cut_or_too_long) {
    const std::string version_2 = "\x93NUMPY" + std::string("\2\0", 2);
    EXPECT_EQ(read_refusal(version_2 + "\1"),
              "the length of its header is cut short: 1 of 4 bytes");
    EXPECT_EQ(read_refusal(version_2 + little(100, 4) + "{'descr'"),
              "its header is cut short: 8 of 100 bytes");
    EXPECT_EQ(read_refusal(version_2 + little(0xFFFFFFFF, 4) + "{"),
              "its header would have 4294967295 bytes, above the limit of 65536");
    EXPECT_EQ(read_refusal(version_2 + little(1U << 30, 4) + "{"),
              "its header would have 1073741824 bytes, above the limit of 65536");
}

// --- N2 -------------------------------------------------------------------------------------

TEST(Npy, refuses_a_shape_that_is_none_or_does_not_agree_with_the_bytes) {
    EXPECT_EQ(
        read_refusal(npy_of("(-1,)", "abc")),
        "its header has \"-1,), }?\" at byte 62, where a dimension, a whole number of at most "
        "64 bits is expected");
    EXPECT_TRUE(contains(read_refusal(npy_of("(99999999999999999999,)", "abc")),
                         "where a dimension, a whole number of at most 64 bits is expected"));
    EXPECT_EQ(read_refusal(npy_of("(4294967296, 4294967296)", "abc")),
              "its header promises 4294967296 x 4294967296 elements of 1 byte, more than the file "
              "can hold");
    EXPECT_EQ(read_refusal(npy_of("(4,)", "abc")),
              "its header promises 4 elements of 1 byte, more than the file can hold");
    EXPECT_EQ(read_refusal(gzip_of(npy_of("(4,)", "abc"))), "it ends after 3 of its 4 elements");
    EXPECT_EQ(read_refusal(npy_of("(3,)", "abcd")), "bytes follow the last of its 3 elements");
    EXPECT_EQ(read_refusal(npy_of("(3, 0)", "")), "its dimension 2 is 0: it holds nothing");
    EXPECT_EQ(read_refusal(npy_of("()", "a")),
              "it holds a single number, not an array of examples");
    std::string ones = "(";
    for (int i = 0; i < 33; ++i) {
        ones += "1,";
    }
    EXPECT_EQ(read_refusal(npy_of(ones + ")", "a")), "it has 33 dimensions; from 1 to 32 are read");
}

// --- N4 -------------------------------------------------------------------------------------

TEST(Npy, refuses_entries_that_are_missing_twice_there_or_unknown) {
    EXPECT_EQ(read_refusal(npy("{'descr': '|u1', 'fortran_order': False}", "a")),
              "its header has no entry 'shape'");
    EXPECT_EQ(read_refusal(npy("{}", "a")), "its header has no entry 'descr'");
    EXPECT_EQ(read_refusal(npy("{'shape': (1,), 'shape': (1,)}", "a")),
              "its header has two entries 'shape'");
    EXPECT_EQ(read_refusal(npy("{'shape': (1,), 'color': 'red'}", "a")),
              "its header has an entry \"color\", but NumPy writes 'descr', 'fortran_order' and "
              "'shape'");
}

TEST(Npy, evaluates_nothing) {
    EXPECT_EQ(read_refusal(npy("{'descr': __import__('os').system('id')}", "a")),
              "its header has \"__import__('os').sys\" at byte 21, where a type in quotes is "
              "expected");
    EXPECT_EQ(read_refusal(npy("{'shape': (2**40,)}", "a")),
              "its header has \"**40,)}\" at byte 23, where ')' is expected");
    EXPECT_EQ(read_refusal(npy("{'fortran_order': not True}", "a")),
              "its header has \"not True}\" at byte 29, where True or False is expected");
    EXPECT_EQ(read_refusal(npy("dict(descr='|u1')", "a")),
              "its header has \"dict(descr='|u1')\" at byte 11, where '{' is expected");
    EXPECT_EQ(read_refusal(npy("{'descr': '|u1'} + {}", "a")),
              "its header has \"+ {}\" at byte 28, where the end of the header is expected");
    EXPECT_TRUE(contains(read_refusal(npy("{'descr': '\\x7cu1'}", "a")), "a type in quotes"));
}

TEST(Npy, takes_blanks_and_orders_of_entries_that_numpy_takes) {
    const TempFolder folder;
    const std::string bytes =
        npy("{\"shape\":(1 , 2L),\n 'fortran_order' : True,'descr':'<u1'}  \n", "ab");
    EXPECT_EQ(read_file(folder.write("d.npy", bytes)).shape, (Shape{1, 2}));
}

TEST(Npy, never_does_anything_but_read_or_refuse_a_file_with_a_wrong_byte) {
    const std::string good = read_bytes(folder_of_numpy + "big_i2.npy");
    const TempFolder folder;
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (const char byte : std::string("\0\xFF,'){9(- <>|f", 14)) {
            std::string bytes = good;
            bytes[at] = byte;
            try {
                const NumberArray array = read_file(folder.write("d.npy", bytes));
                EXPECT_EQ(array.rows() * array.item_size(), array.numbers.size());
            } catch (const UserError&) {
            }
        }
    }
}

// --- NPZ ------------------------------------------------------------------------------------

ArrayFile read_archive(const std::string& path) {
    DataSource source(path);
    return read_array_file(source);
}

TEST(Npz, reads_the_arrays_that_numpy_stores_and_deflates_with_their_names) {
    for (const char* name : {"stored.npz", "deflated.npz"}) {
        const ArrayFile file = read_archive(folder_of_numpy + name);
        ASSERT_EQ(file.arrays.size(), 2U);
        EXPECT_EQ(file.arrays[0].name, "x");
        EXPECT_EQ(file.arrays[1].name, "y");
        EXPECT_EQ(values(file.arrays[0].array), (Doubles{-4, -1, 2, 5, 8, 11}));
        EXPECT_EQ(file.arrays[1].array.numbers, Numbers(std::vector<std::uint8_t>{0, 1}));
    }
    EXPECT_EQ(read_archive(folder_of_numpy + "unnamed.npz").arrays[1].name, "arr_1");
}

std::string archive_refusal(const std::string& bytes) {
    const TempFolder folder;
    const std::string path = folder.write("d.npz", bytes);
    return without_folder(refusal([&] { read_archive(path); }), folder);
}

TEST(Npz, refuses_an_archive_cut_at_any_length) {
    const std::string good = read_bytes(folder_of_numpy + "deflated.npz");
    for (std::size_t length = 4; length < good.size(); ++length) {
        EXPECT_TRUE(contains(archive_refusal(good.substr(0, length)), "d.npz"));
    }
    EXPECT_EQ(
        archive_refusal(good.substr(0, good.size() - 1)),
        "d.npz is not a valid ZIP archive: it has no directory at its end; was it cut short?");
}

TEST(Npz, refuses_a_member_whose_checksum_is_wrong) {
    std::string bytes = read_bytes(folder_of_numpy + "stored.npz");
    bytes[bytes.find("\x93NUMPY") + 140] ^= 1;  // in the elements
    EXPECT_EQ(archive_refusal(bytes),
              "d.npz (x.npy) is broken: its checksum is wrong: fetch or copy the file again");
}

TEST(Npz, refuses_members_that_are_no_arrays_or_cannot_be) {
    const std::string good = read_bytes(folder_of_numpy + "stored.npz");
    std::string other = good;
    for (std::size_t at = other.find("y.npy"); at != std::string::npos; at = other.find("y.npy")) {
        other.replace(at, 5, "y.txt");
    }
    EXPECT_EQ(archive_refusal(other), "d.npz holds \"y.txt\", which is no .npy array");
    std::string twice = good;
    for (std::size_t at = twice.find("y.npy"); at != std::string::npos; at = twice.find("y.npy")) {
        twice.replace(at, 5, "x.npy");
    }
    EXPECT_EQ(archive_refusal(twice),
              "d.npz is not a valid ZIP archive: it has two members \"x.npy\"");
    const std::size_t entry = good.find("PK\x01\x02");
    std::string method = good;
    method[entry + 10] = 12;
    EXPECT_EQ(
        archive_refusal(method),
        "d.npz is not a valid ZIP archive: its member \"x.npy\" is packed by method 12: store or "
        "deflate it");
    std::string encrypted = good;
    encrypted[entry + 8] |= 1;
    EXPECT_TRUE(contains(archive_refusal(encrypted), "\"x.npy\" is encrypted"));
    std::string size = good;
    size[entry + 24] ^= 1;
    EXPECT_TRUE(contains(archive_refusal(size), "its member \"x.npy\" cannot be"));
    std::string offset = good;
    offset[entry + 45] = 0x7F;
    EXPECT_TRUE(contains(archive_refusal(offset), "it would go on to byte"));
}

TEST(Npz, never_does_anything_but_read_or_refuse_a_file_with_a_wrong_byte) {
    const TempFolder folder;
    for (const char* name : {"stored.npz", "deflated.npz"}) {
        const std::string good = read_bytes(folder_of_numpy + name);
        for (std::size_t at = 4; at < good.size(); ++at) {
            std::string bytes = good;
            bytes[at] ^= static_cast<char>(1 + at % 255);
            try {
                EXPECT_EQ(read_archive(folder.write("d.npz", bytes)).arrays.size(), 2U);
            } catch (const UserError&) {
            }
        }
    }
}

TEST(ArrayFile, refuses_a_file_without_arrays_by_its_first_bytes) {
    const TempFolder folder;
    const std::string path = folder.write("d", "1,2\n");
    EXPECT_EQ(
        without_folder(refusal([&] { read_archive(path); }), folder),
        "d holds no arrays: it begins with the bytes 0x31 0x2C 0x32 0x0A, and IDX files begin "
        "with two zeros, NPY files with \\x93NUMPY, NPZ files with PK; the labels of a table "
        "are one of its columns, which --target selects");
}

}  // namespace
}  // namespace chainrule
