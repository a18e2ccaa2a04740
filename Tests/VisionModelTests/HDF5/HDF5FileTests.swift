import Testing
import VisionTensor

@testable import VisionModel

/// Files by h5py: `storage.h5` with its oldest forms, `latest.h5` with its newest.
@Suite struct HDF5FileTests {
  private func unpacked(_ name: String) throws -> [UInt8] {
    try Gzip.unpack(ByteRange(Fixture.bytes(name + ".gz")), limit: 1 << 20).array
  }

  private func group(_ name: String) throws -> HDF5Object {
    let file = try #require(try HDF5File(bytes: unpacked(name)))
    return try #require(try file.object("a/b"))
  }

  @Test func numbersAreReadWhereverTheyLie() throws {
    let group = try group("storage.h5")
    func tensor(_ name: String) throws -> Tensor { try #require(try group.object(name)).tensor() }
    let plain = try tensor("plain")
    #expect(plain.shape == [3, 4] && plain.floats == (0..<12).map { Float($0) })
    #expect(try tensor("empty").shape == [0, 3])
    #expect(try tensor("scalar").floats == [2.5] && tensor("scalar").shape == [])
    #expect(try tensor("half").elementType == .float16)
    #expect(try tensor("half").converted(to: .float32).floats == [0, 1, 2, 3, 4, 5])
    // In chunks: packed, with bytes in another order, and checksums; the last ones reach beyond the edges.
    let packed = try tensor("gzip")
    #expect(packed.shape == [7, 5, 3] && packed.floats == (0..<105).map { Float($0 % 11) })
    #expect(try tensor("double").elementType == .float64)
    #expect(try tensor("double").converted(to: .float32).floats == [0, 1, 2, 3, 4, 5])
    #expect(try tensor("long").integers == [-3, -2, -1, 0, 1, 2])
  }

  @Test func otherNumbersAreRefusedByName() throws {
    let group = try group("storage.h5")
    for (name, words) in [("big", "type"), ("text", "type"), ("lzf", "filter 32000")] {
      let error = formatError { _ = try group.object(name)?.tensor() }
      #expect(error?.kind == .unsupported && error?.message.contains(words) == true, "\(name)")
      #expect(error?.node == "a/b/\(name)")
    }
    #expect(try group.object("nothing") == nil)
    #expect(try group.object("plain/more") == nil)
  }

  @Test func textsOfAttributesAreRead() throws {
    let group = try group("storage.h5")
    #expect(try group.texts("fixed") == ["one", "three", "é"])
    #expect(try group.texts("long") == ["a text of any length é"])
    #expect(try group.texts("longs") == ["x", "", "yz"])
    #expect(try group.texts("none") == [])
    // A list that Keras has cut.
    #expect(try group.texts("cut") == ["p", "q", "r"])
    #expect(try group.texts("absent") == nil)
    #expect(formatError { _ = try group.texts("number") }?.kind == .unsupported)
  }

  @Test func groupsOfManyMembersAreTrees() throws {
    let file = try #require(try HDF5File(bytes: unpacked("storage.h5")))
    let many = try #require(try file.object("many"))
    #expect(try many.links().keys.sorted() == (0..<40).map { "g\($0)" }.sorted())
    #expect(try file.object("many/g39") != nil)
    // A link by a path is left out.
    #expect(try file.root.links().keys.sorted() == ["a", "many"])
  }

  @Test func newerFormsAreReadAsFarAsTheyAreAlike() throws {
    let group = try group("latest.h5")
    #expect(try group.object("plain")?.tensor().floats == (0..<12).map { Float($0) })
    #expect(try group.texts("fixed") == ["one", "three"] && group.texts("long") == ["a text"])
    let error = formatError { _ = try group.object("gzip")?.tensor() }
    #expect(error?.kind == .unsupported && error?.remedy?.contains("libver") == true)
  }

  @Test func aNameIsNoProof() throws {
    #expect(try HDF5File(bytes: []) == nil)
    #expect(try HDF5File(bytes: Array("no HDF5 at all".utf8)) == nil)
    #expect(formatError { _ = try HDF5File(bytes: HDF5File.signature) }?.kind == .truncated)
    #expect(formatError { _ = try HDF5File(bytes: HDF5File.signature + [9]) }?.kind == .unsupported)
  }

  @Test func damagedFilesAreRefused() throws {
    let bytes = try unpacked("latest.h5")
    let refused = checkHostile(Array(bytes.prefix(1600)), flips: 20_000) { bytes in
      guard let file = try HDF5File(bytes: bytes) else { throw FormatError(.foreign, "no HDF5") }
      guard let group = try file.object("a/b") else { return }
      _ = try group.texts("fixed")
      _ = try group.texts("long")
      for name in ["plain", "gzip"] { _ = try group.object(name)?.tensor() }
    }
    #expect(refused > 1000)
  }

  @Test func aBombTakesNoMemory() throws {
    // A data set of 2⁴⁰ bytes in chunks of which the file has few.
    let bytes = try unpacked("storage.h5")
    let wanted: [UInt8] = [7, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0]
    let place = try #require(bytes.indices.dropLast(24).first { Array(bytes[$0..<$0 + 24]) == wanted })
    for byte in 3...5 {
      var changed = bytes
      changed[place + byte] = 1
      let file = try #require(try HDF5File(bytes: changed))
      let error = formatError { _ = try file.object("a/b/gzip")?.tensor() }
      #expect(error?.kind == .corrupt && error?.message.contains("chunks") == true)
    }
  }
}
