import Testing

@testable import VisionModel

@Suite struct ZipArchiveTests {
  @Test func readsStoredDeflatedAndWideEntries() throws {
    let archive = try ZipArchive(Fixture.path("archive.zip"))
    #expect(archive.entries.map(\.name) == ["stored.txt", "folder/deflated.txt", "wide.txt"])
    #expect(try archive.extract("stored.txt") == Array("stored bytes".utf8))
    #expect(try archive.extract("folder/deflated.txt") == Array(String(repeating: "abc", count: 1000).utf8))
    #expect(try archive.extract("wide.txt") == Array("zip64".utf8))
    #expect(formatError { _ = try archive.extract("nothing") }?.kind == .missing)
    try Fixture.withFolder { folder in
      try archive.extract("wide.txt", to: "\(folder)/out")
      #expect(try MappedFile("\(folder)/out").bytes.array == Array("zip64".utf8))
    }
  }

  @Test func anyDamageGivesAValueOrAFormatError() throws {
    let bytes = try Fixture.bytes("archive.zip")
    let refused = checkHostile(bytes, flips: 4000) { bytes in
      let archive = try ZipArchive(bytes: bytes)
      for entry in archive.entries { _ = try archive.extract(entry.name) }
    }
    #expect(refused == bytes.count)
  }

  @Test func aChecksumThatIsWrongIsFound() throws {
    var bytes = try Fixture.bytes("archive.zip")
    let start = try #require(
      bytes.indices.first { Array(bytes[$0...].prefix(6)) == Array("stored".utf8) && bytes[$0 + 6] == 0x20 })
    bytes[start] ^= 1
    let archive = try ZipArchive(bytes: bytes)
    #expect(formatError { _ = try archive.extract("stored.txt") }?.message.contains("checksum") == true)
  }

  /// An archive of one entry with whatever the test wants to lie about.
  private func zip(
    name: String = "a", data: [UInt8] = [], method: UInt16 = 0, size: UInt32? = nil, copies: Int = 1,
    claimed: Int? = nil
  ) -> [UInt8] {
    var bytes = ByteChunks()
    func header(_ chunks: inout ByteChunks) {
      chunks.append(littleEndian: UInt16(0))
      chunks.append(littleEndian: method)
      chunks.append(littleEndian: UInt32(0))
      chunks.append(littleEndian: UInt32(0))
      chunks.append(littleEndian: UInt32(data.count))
      chunks.append(littleEndian: size ?? UInt32(data.count))
      chunks.append(littleEndian: UInt16(name.utf8.count))
      chunks.append(littleEndian: UInt16(0))
    }
    bytes.append(littleEndian: UInt32(0x0403_4b50))
    bytes.append(littleEndian: UInt16(20))
    header(&bytes)
    bytes.append(name.utf8)
    bytes.append(data)
    let start = bytes.count
    for _ in 0..<copies {
      bytes.append(littleEndian: UInt32(0x0201_4b50))
      bytes.append(littleEndian: UInt16(20))
      bytes.append(littleEndian: UInt16(20))
      header(&bytes)
      // Comment, disk and attributes: nothing; and the entry begins at byte 0.
      bytes.append([UInt8](repeating: 0, count: 14))
      bytes.append(name.utf8)
    }
    let size = bytes.count - start
    bytes.append(littleEndian: UInt32(0x0605_4b50))
    bytes.append(littleEndian: UInt32(0))
    bytes.append(littleEndian: UInt16(claimed ?? copies))
    bytes.append(littleEndian: UInt16(claimed ?? copies))
    bytes.append(littleEndian: UInt32(size))
    bytes.append(littleEndian: UInt32(start))
    bytes.append(littleEndian: UInt16(0))
    return bytes.array
  }

  @Test func theNumberOfEntriesMustBeTrue() throws {
    #expect(try ZipArchive(bytes: zip()).extract("a") == [])
    #expect(formatError { _ = try ZipArchive(bytes: zip(claimed: 2)) }?.kind == .corrupt)
    #expect(formatError { _ = try ZipArchive(bytes: zip(claimed: 0xFFF0)) }?.kind == .corrupt)
  }

  @Test func bombsAreRefusedBeforeAnythingIsAllocated() throws {
    let bomb = try ZipArchive(bytes: zip(data: [0x4B, 0x04, 0x00], method: 8, size: 0xFFFF_FFF0))
    let error = formatError { _ = try bomb.extract("a") }
    #expect(error?.kind == .tooLarge)
    let small = try ZipArchive(bytes: zip(data: [0x4B, 0x04, 0x00], method: 8, size: 3000))
    #expect(formatError { _ = try small.extract("a") }?.kind == .corrupt)
  }

  @Test(arguments: ["/etc/passwd", "../a", "a/../b", "a\\b", "a\0b", "", "../\u{301}a/../b", "/\u{301}a"])
  func unsafeNamesAreRefused(_ name: String) {
    #expect(
      formatError { _ = try ZipArchive(bytes: zip(name: name)) }?.message.contains("unsafe name") == true)
  }

  @Test func entriesThatShareBytesAreRefused() {
    #expect(formatError { _ = try ZipArchive(bytes: zip(data: [1, 2, 3], copies: 2)) }?.kind == .corrupt)
  }

  @Test func otherMethodsAreRefusedByNumber() throws {
    let archive = try ZipArchive(bytes: zip(data: [1], method: 14))
    #expect(formatError { _ = try archive.extract("a") }?.message.contains("method 14") == true)
  }
}
