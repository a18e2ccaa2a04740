import Testing
import VisionGraph
import VisionTensor

@testable import VisionModel

@Suite struct NumPyArchiveTests {
  @Test func readsArraysInTheirOrder() throws {
    let (b, a) = (Tensor([1, 2, 3] as [Float]), Tensor([Int64(-7)], shape: [1, 1]))
    let bytes = StoredZip.bytes([("b.npy", NumPyArray.bytes(b)), ("a.npy", NumPyArray.bytes(a))])
    let arrays = try NumPyArchive.read(bytes: bytes)
    #expect(arrays.names == ["b", "a"])
    #expect(arrays["b"] == b)
    #expect(arrays["a"] == a)
  }

  @Test func readsBackWhatItWrites() throws {
    var arrays = Parameters()
    arrays["b/c"] = Tensor([1, 2, 3] as [Float])
    arrays["ä"] = Tensor([Int64(-7)], shape: [1, 1])
    arrays["none"] = Tensor([] as [UInt8], shape: [0, 3])
    arrays["half"] = Tensor([1, 2] as [Float]).converted(to: .bfloat16)
    let again = try NumPyArchive.read(bytes: NumPyArchive.bytes(arrays))
    #expect(again.names == arrays.names)
    for (name, tensor) in arrays { #expect(again[name] == tensor.codes) }
  }

  @Test func whatIsNoArrayIsRefusedByName() {
    let bytes = StoredZip.bytes([("readme.txt", [1])])
    #expect(formatError { _ = try NumPyArchive.read(bytes: bytes) }?.node == "readme.txt")
    let damaged = StoredZip.bytes([("a.npy", [1, 2, 3])])
    #expect(formatError { _ = try NumPyArchive.read(bytes: damaged) }?.node == "a.npy")
  }

  @Test func anyDamageGivesAValueOrAFormatError() {
    let bytes = StoredZip.bytes([("a.npy", NumPyArray.bytes(Tensor([1, 2, 3] as [Float])))])
    let refused = checkHostile(bytes, flips: 1000) { _ = try NumPyArchive.read(bytes: $0) }
    #expect(refused > 100)
  }
}
