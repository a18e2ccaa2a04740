import Testing
import VisionTestSupport

@testable import VisionModel

/// What refusing a bomb costs in memory, everything counted that was asked for on the way.
@Suite struct BombMemoryTests {
  private static let limit = 50 << 20

  /// Expects `read` to refuse with that kind, without asking for more than the limit.
  private func expectCheap(
    _ kind: FormatError.Kind, _ name: Comment, _ read: () throws -> Void
  ) {
    var error: FormatError?
    let bytes = heapBytes { error = formatError { try read() } }
    #expect(error?.kind == kind, name)
    if let bytes {
      #expect(bytes < Self.limit, name)
    } else {
      print("skipped: the bytes that are asked for cannot be counted here")
    }
  }

  @Test func aWeightOf2To60Elements() {
    var file = OnnxBytes()
    file.tensor("w", dimensions: [1 << 20, 1 << 20, 1 << 20], raw: [1, 2, 3, 4])
    file.node("Add", ["x", "w"], ["y"])
    let bytes = file.bytes
    expectCheap(.corrupt, "raw") { _ = try OnnxReader.read(bytes: bytes) }
    var value = OnnxBytes()
    value.inputs = [("x", [.fixed(1 << 30), .fixed(1 << 30)])]
    value.node("Relu", ["x"], ["y"])
    let other = value.bytes
    expectCheap(.network, "value") {
      let model = try OnnxReader.read(bytes: other)
      throw FormatError(.network, "read as \(model.graph.values.count) values, none of which takes memory")
    }
  }

  @Test func safetensorsThatPromiseMoreThanTheyHold() {
    func file(_ header: String, length: UInt64? = nil) -> [UInt8] {
      withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { Array($0) }
        + Array(header.utf8)
    }
    let huge = #"{"a":{"dtype":"F32","shape":[1073741824,1073741824],"data_offsets":[0,4]}}"#
    expectCheap(.corrupt, "shape") { _ = try SafeTensors.read(bytes: file(huge) + [0, 0, 0, 0]) }
    expectCheap(.tooLarge, "header") { _ = try SafeTensors.read(bytes: file("{}", length: 1 << 63)) }
    let spaces = file(String(repeating: " ", count: 1 << 24 + 1))
    expectCheap(.tooLarge, "long header") { _ = try SafeTensors.read(bytes: spaces) }
    let nested = file(String(repeating: "[", count: 1_000_000))
    expectCheap(.tooLarge, "nested") { _ = try SafeTensors.read(bytes: nested) }
    let end = #"{"a":{"dtype":"U8","shape":[4611686018427387904],"data_offsets":[0,4611686018427387904]}}"#
    expectCheap(.truncated, "offsets") { _ = try SafeTensors.read(bytes: file(end)) }
  }

  @Test func arraysThatPromiseMoreThanTheyHold() {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1073741824, 1073741824), }\n"
    let array = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
    expectCheap(.truncated, "npy") { _ = try NumPyArray.read(bytes: array) }
    let images: [UInt8] = [0, 0, 8, 3, 128, 0, 0, 0, 128, 0, 0, 0, 128, 0, 0, 0]
    expectCheap(.truncated, "idx") { _ = try IDXArray(ByteRange(images)) }
  }

  @Test func gzipThatUnpacksToGigabytes() {
    // Bytes that are no deflate data, and a length that they could have.
    let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]
    let packed = [UInt8](repeating: 0xff, count: 1 << 20)
    let length = withUnsafeBytes(of: UInt32(1 << 30).littleEndian) { Array($0) }
    let file = header + packed + [0, 0, 0, 0] + length
    expectCheap(.tooLarge, "limit") { _ = try Gzip.unpack(ByteRange(file), limit: 256 << 20) }
  }
}
