import Testing
import VisionGraph
import VisionTensor

@testable import VisionModel

@Suite struct SafeTensorsTests {
  @Test func readsWhatTheReferenceWrites() throws {
    let file = try SafeTensors.read(Fixture.path("plain.safetensors"))
    #expect(Set(file.parameters.names) == ["a", "b"])
    #expect(file.parameters["a"] == Tensor([Int64(1), 2, 3]))
    #expect(file.parameters["b"] == Tensor([Float(0), 1, 2, 3], shape: [2, 2]))
    #expect(file.metadata.map(\.key) == ["format"])
  }

  @Test func readsBackWhatItWritesInOrder() throws {
    var parameters = Parameters()
    for type in ElementType.allCases {
      parameters["z.\"\(type.rawValue)\"\n"] = Tensor(doubles: [0, 1, 1], shape: [3], elementType: type)
    }
    parameters["empty"] = Tensor(elementType: .float32, shape: [0, 2]) { _ in }
    parameters["scalar"] = Tensor(scalar: Float(7))
    let bytes = SafeTensors.bytes(parameters, metadata: ["b": "ü", "a": "\u{1}"])
    let again = try SafeTensors.read(bytes: bytes)
    // Types that the format lacks come back as another that their numbers fit.
    #expect(
      again.parameters.allSatisfy { name, tensor in
        parameters[name]?.doubles == tensor.doubles && parameters[name]?.shape == tensor.shape
      })
    for type in ElementType.allCases where !type.isFourBits && !type.rawValue.hasSuffix("fnuz") {
      #expect(again.parameters["z.\"\(type.rawValue)\"\n"]?.elementType == type)
    }
    #expect(again.parameters.count == parameters.count)
    #expect(again.metadata.map(\.value) == ["\u{1}", "ü"])
    #expect(SafeTensors.bytes(parameters, metadata: ["a": "\u{1}", "b": "ü"]) == bytes)
  }

  private func file(_ header: String, data: Int) -> [UInt8] {
    var chunks = ByteChunks()
    chunks.append(littleEndian: UInt64(header.utf8.count))
    chunks.append(header.utf8)
    chunks.append([UInt8](repeating: 0, count: data))
    return chunks.array
  }

  private func entry(_ name: String, _ shape: String, _ begin: Int, _ end: Int, type: String = "F32")
    -> String
  {
    "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(begin),\(end)]}"
  }

  @Test func overlapsGapsAndRestsAreRefused() throws {
    func refusal(_ entries: [String], data: Int) -> FormatError? {
      formatError { _ = try SafeTensors.read(bytes: file("{\(entries.joined(separator: ","))}", data: data)) }
    }
    #expect(try SafeTensors.read(bytes: file("{\(entry("a", "1", 0, 4))}", data: 4)).parameters.count == 1)
    #expect(
      refusal([entry("a", "2", 0, 8), entry("b", "1", 4, 8)], data: 8)?.message.contains("overlap") == true)
    #expect(
      refusal([entry("a", "1", 0, 4), entry("b", "1", 8, 12)], data: 12)?.message.contains("gap") == true)
    #expect(refusal([entry("a", "1", 0, 4)], data: 5)?.message.contains("follow") == true)
    #expect(refusal([entry("a", "1", 0, 4)], data: 3)?.kind == .truncated)
    #expect(refusal([entry("a", "2", 0, 4)], data: 4)?.kind == .corrupt)
    #expect(refusal([entry("a", "1152921504606846976", 0, 4)], data: 4)?.kind == .corrupt)
    #expect(refusal([entry("a", "4611686018427387904,4", 0, 4)], data: 4)?.kind == .tooLarge)
    #expect(
      refusal([entry("a", "1", 0, 4), entry("a", "1", 4, 8)], data: 8)?.message.contains("twice") == true)
    #expect(refusal([entry("a", "1", 4, 0)], data: 4)?.kind == .corrupt)
    #expect(refusal([entry("a", "1", 0, 1, type: "F6_E2M3")], data: 1)?.message.contains("F6_E2M3") == true)
  }

  @Test func headersBeyondTheLimitAreRefused() {
    #expect(
      formatError { _ = try SafeTensors.read(bytes: [UInt8](repeating: 0xFF, count: 16)) }?.kind == .tooLarge)
    let deep = String(repeating: "[", count: 100_000)
    #expect(formatError { _ = try SafeTensors.read(bytes: file(deep, data: 0)) }?.kind == .tooLarge)
  }

  @Test func anyDamageGivesAValueOrAFormatError() throws {
    let bytes = try Fixture.bytes("plain.safetensors")
    #expect(checkHostile(bytes, flips: 3000) { _ = try SafeTensors.read(bytes: $0) } == bytes.count)
  }
}
