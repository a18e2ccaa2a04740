import Foundation
import Testing
import VisionGraph
import VisionTensor

@testable import VisionModel

/// Files made to harm; each must be refused by name, quickly and without memory.
@Suite struct OnnxHostileTests {
  private func refusal(_ file: OnnxBytes) -> FormatError? {
    formatError { _ = try OnnxReader.read(bytes: file.bytes) }
  }

  private var relu: OnnxBytes {
    var file = OnnxBytes()
    file.node("Relu", ["x"], ["y"])
    return file
  }

  @Test(arguments: ["conv.onnx", "external.onnx", "encodings.onnx"])
  func anyDamageGivesAValueOrAFormatError(_ name: String) throws {
    let refused = checkHostile(try Fixture.bytes(name), flips: 2000) { bytes in
      let model = try OnnxReader.read(bytes: bytes)
      for (_, tensor) in model.parameters { _ = tensor.doubles }
    }
    #expect(refused > 0)
  }

  @Test func aTensorOf2To60ElementsIsRefused() {
    var file = relu
    file.tensor("w", dimensions: [1 << 30, 1 << 30], raw: [0, 0, 0, 0])
    #expect(refusal(file)?.kind == .corrupt)
    file = relu
    file.tensor("w", dimensions: [1 << 30, 1 << 30])
    #expect(refusal(file)?.kind == .corrupt)
  }

  @Test func shapesThatOverflowAreRefused() {
    for dimensions in [[Int.max, 2], [-1], [0, Int.max, Int.max], [Int](repeating: 1, count: 100)] {
      var file = relu
      file.tensor("w", dimensions: dimensions, raw: [])
      #expect(refusal(file)?.kind == .tooLarge, "\(dimensions)")
    }
    var file = relu
    file.inputs = [("x", [.fixed(.max), .fixed(.max)])]
    #expect(refusal(file)?.kind == .network)
  }

  /// Found by the fuzzer: a value of no elements with one enormous extent was read, but not what was written of it.
  @Test func emptyValuesOfEnormousExtentsAreRefused() throws {
    for dimensions in [[2, 0, 1 << 49, 0], [0, 1 << 41]] {
      var file = OnnxBytes()
      file.node("Relu", ["x"], ["z"])
      file.tensor("y", type: 2, dimensions: dimensions, raw: [])
      #expect(refusal(file)?.kind == .tooLarge, "\(dimensions)")
    }
    var file = OnnxBytes()
    file.node("Relu", ["x"], ["z"])
    file.inputs = [("x", [.fixed(2)]), ("y", [.fixed(0), .fixed(1 << 41)])]
    #expect(refusal(file)?.kind == .network)
    // What is empty and has extents that anybody might have is read.
    file.inputs = [("x", [.fixed(2)]), ("y", [.fixed(0), .fixed(1 << 30)])]
    _ = try OnnxReader.read(bytes: file.bytes)
  }

  @Test func cyclesAndMissingValuesAreRefused() {
    var cycle = OnnxBytes()
    cycle.node("Add", ["x", "b"], ["a"])
    cycle.node("Relu", ["a"], ["b"])
    cycle.node("Relu", ["b"], ["y"])
    #expect(refusal(cycle)?.message.contains("cycle") == true)
    var missing = OnnxBytes()
    missing.node("Add", ["x", "nowhere"], ["y"])
    #expect(refusal(missing)?.message.contains("'nowhere'") == true)
    var output = relu
    output.outputs = ["z"]
    #expect(refusal(output)?.node == "z")
  }

  @Test func aLongChainInReverseOrderIsSortedWithoutRecursion() throws {
    var file = OnnxBytes()
    let count = 20_000
    for index in (0..<count).reversed() {
      file.node("Relu", [index == 0 ? "x" : "v\(index - 1)"], [index == count - 1 ? "y" : "v\(index)"])
    }
    #expect(try OnnxReader.read(bytes: file.bytes).graph.nodes.count == count)
  }

  @Test func namesGivenTwiceAreRefused() {
    var file = OnnxBytes()
    file.node("Relu", ["x"], ["y"])
    file.node("Relu", ["x"], ["y"])
    #expect(refusal(file)?.message.contains("two values are called 'y'") == true)
    file = relu
    file.tensor("w", dimensions: [1], raw: [0, 0, 0, 0])
    file.tensor("w", dimensions: [1], raw: [0, 0, 0, 0])
    #expect(refusal(file)?.message.contains("'w'") == true)
    file = relu
    file.outputs = ["y", "y"]
    #expect(refusal(file) != nil)
  }

  @Test(arguments: ["../secret", "/etc/passwd", "a/../../secret", "", "a//b", "..", "a\\b", "../\u{301}a"])
  func externalDataOutsideTheFolderIsRefused(_ location: String) throws {
    try Fixture.withFolder { folder in
      var file = relu
      file.tensor("w", dimensions: [1], external: [("location", location)])
      try Fixture.write(file.bytes, to: "\(folder)/model.onnx")
      let error = formatError { _ = try OnnxReader.read("\(folder)/model.onnx") }
      #expect(error?.message.contains("outside") == true)
    }
  }

  @Test func externalDataBehindASymbolicLinkIsRefused() throws {
    try Fixture.withFolder { folder in
      try FileManager.default.createDirectory(atPath: "\(folder)/in", withIntermediateDirectories: false)
      try Fixture.write([0, 0, 0, 0], to: "\(folder)/secret")
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/in/link", withDestinationPath: "../secret")
      var file = relu
      file.tensor("w", dimensions: [1], external: [("location", "link")])
      try Fixture.write(file.bytes, to: "\(folder)/in/model.onnx")
      let error = formatError { _ = try OnnxReader.read("\(folder)/in/model.onnx") }
      #expect(error?.message.contains("outside") == true)
    }
  }

  @Test func externalDataInAFolderThatLooksTheSameIsRefused() throws {
    try Fixture.withFolder { folder in
      // The same letter, composed and not: two folders.
      for name in ["\u{e9}", "e\u{301}"] {
        #expect(mkdir("\(folder)/\(name)", 0o777) == 0)
        try Fixture.write([0, 0, 0, 0], to: "\(folder)/\(name)/data")
      }
      guard symlink("../e\u{301}/data", "\(folder)/\u{e9}/link") == 0 else { return }
      let path = "\(folder)/\u{e9}/model.onnx"
      for location in ["data", "link"] {
        var file = relu
        file.tensor("w", dimensions: [1], external: [("location", location)])
        try Fixture.write(file.bytes, to: path)
        if location == "data" {
          _ = try OnnxReader.read(path)
        } else {
          let error = formatError { _ = try OnnxReader.read(path) }
          #expect(error?.message.contains("outside") == true)
        }
      }
    }
  }

  @Test func externalDataBeyondItsFileIsRefused() throws {
    try Fixture.withFolder { folder in
      try Fixture.write([0, 0, 0, 0], to: "\(folder)/data")
      for offset in ["1", "4", "9223372036854775807", "-1", "x"] {
        var file = relu
        file.tensor("w", dimensions: [1], external: [("location", "data"), ("offset", offset)])
        try Fixture.write(file.bytes, to: "\(folder)/model.onnx")
        #expect(formatError { _ = try OnnxReader.read("\(folder)/model.onnx") } != nil, "\(offset)")
      }
    }
  }

  @Test func filesThatAreNoneAreRefused() throws {
    #expect(formatError { _ = try OnnxReader.read("/nowhere/model.onnx") }?.kind == .missing)
    #expect(formatError { _ = try OnnxReader.read("/") }?.kind == .isDirectory)
    #expect(formatError { _ = try OnnxReader.read(bytes: []) }?.kind == .truncated)
    #expect(formatError { _ = try OnnxReader.read(bytes: [0x89, 0x50, 0x4E, 0x47]) } != nil)
  }

  @Test func subgraphsNestedForEverAreRefused() {
    var bytes: [UInt8] = []
    for _ in 0..<40 {
      let inner = bytes
      var graph = ProtobufWriter()
      graph.message(1) { node in
        node.string(4, "If")
        node.message(5) { attribute in
          attribute.string(1, "then_branch")
          attribute.string(6, String(decoding: inner, as: UTF8.self))
        }
      }
      bytes = graph.chunks.array
      if bytes.count > 100_000 { break }
    }
    let nested = bytes
    var file = OnnxBytes()
    file.node(
      "If", ["x"], ["y"],
      attributes: [
        {
          $0.string(1, "then_branch")
          $0.string(6, String(decoding: nested, as: UTF8.self))
        }
      ])
    #expect(refusal(file) != nil)
  }
}
