import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@testable import VisionModel

/// Small files that claim to be large: refused before memory is taken or time is spent.
@Suite struct ModelBombTests {
  private func refusal(_ file: OnnxBytes) -> FormatError? {
    formatError { _ = try OnnxReader.read(bytes: file.bytes) }
  }

  /// Deflated zeros and what they are, made by repeating the code of a match of 258 bytes at distance 1.
  private func zip(name: String, zeros: Int) -> [UInt8] {
    // One block of fixed codes: a literal zero, matches of length 258 (code 285) at distance 1 (code 0), the end.
    var bits: [Bool] = [true, true, false]
    func append(_ code: Int, _ count: Int) {
      for bit in (0..<count).reversed() { bits.append(code >> bit & 1 == 1) }
    }
    append(0x30, 8)
    for _ in 0..<(zeros - 1) / 258 {
      append(0xC5, 8)
      append(0, 5)
    }
    append(0, 7)
    var data = [UInt8](repeating: 0, count: (bits.count + 7) / 8)
    for (index, bit) in bits.enumerated() where bit { data[index / 8] |= 1 << UInt8(index % 8) }
    let size = 1 + (zeros - 1) / 258 * 258
    let contents = ByteRange([UInt8](repeating: 0, count: size))
    var result = ByteChunks()
    func header(_ chunks: inout ByteChunks) {
      chunks.append(littleEndian: UInt16(0))
      chunks.append(littleEndian: UInt16(8))
      chunks.append(littleEndian: UInt32(0))
      chunks.append(littleEndian: Inflate.checksum(contents))
      chunks.append(littleEndian: UInt32(data.count))
      chunks.append(littleEndian: UInt32(size))
      chunks.append(littleEndian: UInt16(name.utf8.count))
      chunks.append(littleEndian: UInt16(0))
    }
    result.append(littleEndian: UInt32(0x0403_4b50))
    result.append(littleEndian: UInt16(20))
    header(&result)
    result.append(name.utf8)
    result.append(data)
    let start = result.count
    result.append(littleEndian: UInt32(0x0201_4b50))
    result.append(littleEndian: UInt16(20))
    result.append(littleEndian: UInt16(20))
    header(&result)
    result.append([UInt8](repeating: 0, count: 14))
    result.append(name.utf8)
    let length = result.count - start
    result.append(littleEndian: UInt32(0x0605_4b50))
    result.append(littleEndian: UInt32(0))
    result.append(littleEndian: UInt16(1))
    result.append(littleEndian: UInt16(1))
    result.append(littleEndian: UInt32(length))
    result.append(littleEndian: UInt32(start))
    result.append(littleEndian: UInt16(0))
    return result.array
  }

  @Test func aZipOfZerosIsNoCheckpoint() throws {
    // The archive is sound: the same with fewer zeros is unpacked.
    let small = try ZipArchive(bytes: zip(name: "a/data.pkl", zeros: 2581))
    #expect(try small.extract("a/data.pkl") == [UInt8](repeating: 0, count: 2581))
    let bomb = zip(name: "a/data.pkl", zeros: 20 << 20)
    #expect(bomb.count < 150_000)
    var error: FormatError?
    let heap = heapBytes { error = formatError { _ = try PyTorchCheckpoint.read(bytes: bomb) } }
    #expect(error?.kind == .tooLarge)
    #expect(heap ?? 0 < 50 << 20)
  }

  @Test func aViewThatBeginsAtTheEndOfTheNumbersIsRefused() {
    // A view of a storage, and an offset that overflows when added to the view's own.
    let storage = TorchStorage(key: "0", type: .float32, count: 4, view: 2..<4)
    let tensor = TorchTensor(storage: storage, type: .float32, offset: .max, shape: [1], strides: [1])
    var budget = 1 << 20
    #expect(
      formatError { _ = try tensor.tensor(ByteRange([UInt8](repeating: 0, count: 16)), budget: &budget) }?
        .kind
        == .corrupt)
  }

  @Test func networksThatWantTerabytesAreRefused() {
    for (operatorName, constants) in [
      ("Expand", [("s", [1 << 38, 2])]), ("Tile", [("s", [1 << 20, 1 << 20])]),
      ("Pad", [("s", [0, 1 << 38, 0, 1 << 38])]),
    ] {
      var file = OnnxBytes()
      for (name, values) in constants {
        let bytes = values.flatMap { value in withUnsafeBytes(of: Int64(value).littleEndian) { Array($0) } }
        file.tensor(name, type: 7, dimensions: [values.count], raw: bytes)
      }
      file.node(operatorName, ["x", "s"], ["y"])
      let error = refusal(file)
      #expect(error?.message.contains("too large") == true, "\(operatorName)")
    }
  }

  @Test func moreNodesThanAnyNetworkHasAreRefused() {
    var node = ProtobufWriter()
    node.message(1) { $0.string(4, "Relu") }
    let nodes = [[UInt8]](repeating: node.chunks.array, count: OnnxFile.nodeLimit + 1).flatMap { $0 }
    var file = ProtobufWriter()
    file.int(1, 8)
    file.string(7, String(decoding: nodes, as: UTF8.self))
    let error = formatError { _ = try OnnxReader.read(bytes: file.chunks.array) }
    #expect(error?.kind == .tooLarge)
  }

  @Test func thousandsOfNodesOfOneNameAreRead() throws {
    var file = OnnxBytes()
    let count = 10_000
    for index in 0..<count {
      let (from, to) = (index == 0 ? "x" : "v\(index)", index == count - 1 ? "y" : "v\(index + 1)")
      file.node("Relu", [from], [to], name: "same")
    }
    let model = try OnnxReader.read(bytes: file.bytes)
    #expect(Set(model.graph.nodes.map(\.name)).count == count)
    let again = try OnnxWriter.bytes(model.graph, parameters: model.parameters)
    #expect(try OnnxReader.read(bytes: again).graph.nodes.count == count)
  }
}
