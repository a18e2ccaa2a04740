import Testing
import VisionGraph
import VisionTensor

@testable import VisionModel

/// Functions that a file defines itself become what they are made of.
@Suite struct OnnxFunctionTests {
  private typealias Write = (inout ProtobufWriter) -> Void

  /// An attribute that is what the call gives to `source`.
  private func reference(_ name: String, _ source: String, type: Int) -> Write {
    {
      $0.string(1, name)
      $0.int(20, type)
      $0.string(21, source)
    }
  }

  private func float(_ name: String, _ value: Float) -> Write {
    {
      $0.string(1, name)
      $0.float(2, value)
      $0.int(20, 1)
    }
  }

  private func run(_ file: OnnxBytes, _ x: [Float] = [-2, 3]) throws -> [String: [Float]] {
    let model = try OnnxReader.read(bytes: file.bytes)
    let input = Tensor(x, shape: [1, x.count])
    let results = try Interpreter(model.graph, parameters: model.parameters).run(["x": input])
    return results.mapValues(\.floats)
  }

  private func refusal(_ file: OnnxBytes) -> FormatError? {
    formatError { _ = try OnnxReader.read(bytes: file.bytes) }
  }

  @Test func nestedFunctionsKeepTheirValuesApart() throws {
    var file = OnnxBytes()
    file.function("Double", ["x"], ["y"], nodes: [OnnxBytes.node("Add", ["x", "x"], ["y"])])
    // The inner names are those of the graph and of the other function.
    file.function(
      "Twice", ["y"], ["z"],
      nodes: [
        OnnxBytes.node("Double", ["y"], ["x"], domain: "own"),
        OnnxBytes.node("Double", ["x"], ["z"], domain: "own"),
      ])
    file.node("Twice", ["x"], ["a"], domain: "own")
    file.node("Twice", ["a"], ["b"], domain: "own")
    file.node("Add", ["a", "b"], ["y"])
    #expect(try run(file)["y"] == [-40, 60])
    let model = try OnnxReader.read(bytes: file.bytes)
    #expect(model.graph.nodes.count == 5)
    #expect(Set(model.graph.nodes.map(\.name)).count == 5)
    // What is read can be written and read again.
    let again = try OnnxReader.read(bytes: OnnxWriter.bytes(model.graph, parameters: model.parameters))
    let result = try Interpreter(again.graph, parameters: again.parameters).run([
      "x": Tensor([-2, 3] as [Float], shape: [1, 2])
    ])
    #expect(result["y"]?.floats == [-40, 60])
  }

  @Test func attributesAreThoseOfTheCallOrTheFunctionsOwn() throws {
    var file = OnnxBytes()
    file.function(
      "Leak", ["x"], ["y"], attributes: ["slope"], defaults: [float("other", 0.5)],
      nodes: [
        OnnxBytes.node("LeakyRelu", ["x"], ["a"], attributes: [reference("alpha", "slope", type: 1)]),
        OnnxBytes.node("LeakyRelu", ["a"], ["y"], attributes: [reference("alpha", "other", type: 1)]),
      ])
    file.outputs = ["y", "z", "w"]
    file.node("Leak", ["x"], ["y"], domain: "own", attributes: [float("slope", 0.25)])
    file.node("Leak", ["x"], ["z"], domain: "own", attributes: [float("other", 2), float("slope", 1)])
    // Without either it is the operator's own default, 0.01.
    file.node("Leak", ["x"], ["w"], domain: "own")
    let results = try run(file)
    #expect(results["y"] == [-0.25, 3])
    #expect(results["z"] == [-4, 3])
    #expect(results["w"]?[1] == 3)
    #expect(abs((results["w"]?[0] ?? 0) + 0.01) < 1e-7)
  }

  @Test func attributesGoThroughNestedCalls() throws {
    var file = OnnxBytes()
    file.function(
      "Inner", ["x"], ["y"], attributes: ["a"],
      nodes: [OnnxBytes.node("LeakyRelu", ["x"], ["y"], attributes: [reference("alpha", "a", type: 1)])])
    file.function(
      "Outer", ["x"], ["y"], attributes: ["b"],
      nodes: [
        OnnxBytes.node("Inner", ["x"], ["y"], domain: "own", attributes: [reference("a", "b", type: 1)])
      ])
    file.node("Outer", ["x"], ["y"], domain: "own", attributes: [float("b", 0.5)])
    #expect(try run(file)["y"] == [-1, 3])
  }

  @Test func inputsAndOutputsMayBeMissing() throws {
    var file = OnnxBytes()
    file.function(
      "Bounded", ["x", "low", "high"], ["y", "twice"],
      nodes: [
        OnnxBytes.node("Clip", ["x", "low", "high"], ["y"]), OnnxBytes.node("Add", ["y", "y"], ["twice"]),
      ])
    file.tensor("limit", dimensions: [], raw: [0, 0, 0, 0x3F])
    file.outputs = ["y", "z"]
    file.node("Bounded", ["x", "", "limit"], ["y"], domain: "own")
    file.node("Bounded", ["x", "limit"], ["", "z"], domain: "own")
    let results = try run(file)
    #expect(results["y"] == [-2, 0.5])
    #expect(results["z"] == [1, 6])
  }

  @Test func outputsMayBeInputsOrTheSameValue() throws {
    var file = OnnxBytes()
    file.function("Fork", ["x"], ["x", "y", "y"], nodes: [OnnxBytes.node("Neg", ["x"], ["y"])])
    file.outputs = ["a", "b", "c"]
    file.node("Fork", ["x"], ["a", "b", "c"], domain: "own")
    let results = try run(file)
    #expect(results["a"] == [-2, 3])
    #expect(results["b"] == [2, -3])
    #expect(results["c"] == [2, -3])
  }

  @Test func eachFunctionHasItsOwnOpset() throws {
    var file = OnnxBytes()
    file.inputs = [("x", [.fixed(1), .fixed(2), .fixed(2)])]
    // Softmax was over all axes from 1 on before opset 13.
    file.function("Old", ["x"], ["y"], opset: 11, nodes: [OnnxBytes.node("Softmax", ["x"], ["y"])])
    file.outputs = ["y", "z"]
    file.node("Old", ["x"], ["y"], domain: "own")
    file.node("Softmax", ["x"], ["z"])
    let model = try OnnxReader.read(bytes: file.bytes)
    let input = Tensor([0, 0, 0, 0] as [Float], shape: [1, 2, 2])
    let results = try Interpreter(model.graph, parameters: model.parameters).run(["x": input])
    #expect(results["y"]?.floats == [0.25, 0.25, 0.25, 0.25])
    #expect(results["z"]?.floats == [0.5, 0.5, 0.5, 0.5])
    // A graph of calls alone needs no opset of its own.
    file = OnnxBytes()
    file.opset = 0
    file.otherOpsets = [("own", 1)]
    file.function("Double", ["x"], ["y"], nodes: [OnnxBytes.node("Add", ["x", "x"], ["y"])])
    file.node("Double", ["x"], ["y"], domain: "own")
    #expect(try run(file)["y"] == [-4, 6])
    #expect(try OnnxReader.read(bytes: file.bytes).opset == 17)
    file.function("Ancient", ["x"], ["y"], opset: 3, nodes: [OnnxBytes.node("Relu", ["x"], ["y"])])
    file.node("Ancient", ["x"], ["z"], domain: "own")
    #expect(refusal(file)?.message.contains("opset 3") == true)
  }

  @Test func overloadsAreTold() throws {
    var file = OnnxBytes()
    file.function("F", ["x"], ["y"], nodes: [OnnxBytes.node("Neg", ["x"], ["y"])])
    file.function("F", ["x"], ["y"], overload: "b", nodes: [OnnxBytes.node("Abs", ["x"], ["y"])])
    file.outputs = ["y", "z"]
    file.node("F", ["x"], ["y"], domain: "own")
    let second = OnnxBytes.node("F", ["x"], ["z"], domain: "own", overload: "b")
    file.nodes.append { writer in
      var writer = writer
      writer.message(1, second)
      return writer
    }
    let results = try run(file)
    #expect(results["y"] == [2, -3])
    #expect(results["z"] == [2, 3])
    file.function("F", ["x"], ["y"], nodes: [OnnxBytes.node("Neg", ["x"], ["y"])])
    #expect(refusal(file)?.message.contains("defined twice") == true)
  }

  @Test func operatorsInsideThatAreUnknownAreNamed() {
    var file = OnnxBytes()
    file.function("F", ["x"], ["y"], nodes: [OnnxBytes.node("Frobnicate", ["x"], ["y"])])
    file.function("Unused", ["x"], ["y"], nodes: [OnnxBytes.node("Unheard", ["x"], ["y"])])
    file.node("F", ["x"], ["y"], domain: "own")
    let error = refusal(file)
    #expect(error?.kind == .unsupported)
    #expect(error?.message.contains("Frobnicate (1×)") == true)
    #expect(error?.message.contains("Unheard") == false)
  }

  @Test func callsThatDoNotFitAreRefused() {
    func file(_ call: (inout OnnxBytes) -> Void) -> OnnxBytes {
      var file = OnnxBytes()
      file.function("F", ["x"], ["y"], attributes: ["a"], nodes: [OnnxBytes.node("Relu", ["x"], ["y"])])
      call(&file)
      return file
    }
    let cases: [(OnnxBytes, String)] = [
      (file { $0.node("F", ["x", "x"], ["y"], domain: "own") }, "1 inputs"),
      (file { $0.node("F", ["x"], ["y", "z"], domain: "own") }, "1 outputs"),
      (file { $0.node("F", ["x"], ["y"], domain: "own", attributes: [float("b", 1)]) }, "no attribute 'b'"),
      (
        file { $0.node("F", ["x"], ["y"], domain: "own", attributes: [float("a", 1), float("a", 1)]) },
        "given twice"
      ),
    ]
    for (file, message) in cases { #expect(refusal(file)?.message.contains(message) == true, "\(message)") }
  }

  @Test func functionsThatAreNotClosedAreRefused() {
    let bodies: [([Write], String)] = [
      ([OnnxBytes.node("Add", ["x", "outside"], ["y"])], "'outside'"),
      ([OnnxBytes.node("Relu", ["x"], ["z"])], "output 'y'"),
      ([OnnxBytes.node("Relu", ["x"], ["x"]), OnnxBytes.node("Relu", ["x"], ["y"])], "two values"),
      (
        [
          OnnxBytes.node("Relu", ["b"], ["a"]), OnnxBytes.node("Relu", ["a"], ["b"]),
          OnnxBytes.node("Relu", ["b"], ["y"]),
        ], "cycle"
      ),
    ]
    for (nodes, message) in bodies {
      var file = OnnxBytes()
      file.function("F", ["x"], ["y"], nodes: nodes)
      file.node("F", ["x"], ["y"], domain: "own")
      #expect(refusal(file)?.message.contains(message) == true, "\(message)")
    }
  }

  @Test func functionsThatCallThemselvesAreRefused() {
    var file = OnnxBytes()
    file.function("A", ["x"], ["y"], nodes: [OnnxBytes.node("B", ["x"], ["y"], domain: "own")])
    file.function("B", ["x"], ["y"], nodes: [OnnxBytes.node("A", ["x"], ["y"], domain: "own")])
    file.node("A", ["x"], ["y"], domain: "own")
    let error = refusal(file)
    #expect(error?.kind == .corrupt)
    #expect(error?.message.contains("own.A → own.B → own.A") == true)
  }

  /// Each calls the one before twice: a kilobyte that stands for 2⁴⁰ nodes, or for 2⁴⁰ calls of nothing.
  @Test(arguments: [true, false]) func whatExpandsForEverIsRefused(hasNodes: Bool) {
    var file = OnnxBytes()
    file.function(
      "F0", ["x"], hasNodes ? ["y"] : ["x"], nodes: hasNodes ? [OnnxBytes.node("Relu", ["x"], ["y"])] : [])
    for level in 1...40 {
      let inner = "F\(level - 1)"
      file.function(
        "F\(level)", ["x"], ["y"],
        nodes: [
          OnnxBytes.node(inner, ["x"], ["a"], domain: "own"),
          OnnxBytes.node(inner, ["x"], ["y"], domain: "own"),
        ])
    }
    file.node("F40", ["x"], ["y"], domain: "own")
    #expect(refusal(file)?.kind == .tooLarge)
  }

  @Test func longNamesAndAttributesThatExpandAreRefused() {
    var file = OnnxBytes()
    let long = String(repeating: "n", count: 1 << 20)
    file.function(
      "F", ["x"], ["y"],
      nodes: [OnnxBytes.node("Relu", ["x"], [long]), OnnxBytes.node("Relu", [long], ["y"])])
    file.outputs = []
    for index in 0..<2000 { file.node("F", ["x"], ["y\(index)"], domain: "own") }
    #expect(refusal(file)?.kind == .tooLarge)
  }

  @Test func functionsNestedTooDeeplyAreRefused() {
    var file = OnnxBytes()
    file.function("F0", ["x"], ["y"], nodes: [OnnxBytes.node("Relu", ["x"], ["y"])])
    for level in 1...100 {
      file.function(
        "F\(level)", ["x"], ["y"], nodes: [OnnxBytes.node("F\(level - 1)", ["x"], ["y"], domain: "own")])
    }
    file.node("F100", ["x"], ["y"], domain: "own")
    #expect(refusal(file)?.kind == .tooLarge)
  }

  @Test func anyDamageGivesAValueOrAFormatError() {
    var file = OnnxBytes()
    file.function(
      "Leak", ["x"], ["y"], attributes: ["slope"], defaults: [float("other", 0.5)],
      nodes: [OnnxBytes.node("LeakyRelu", ["x"], ["y"], attributes: [reference("alpha", "slope", type: 1)])])
    file.node("Leak", ["x"], ["y"], domain: "own", attributes: [float("slope", 0.25)])
    let refused = checkHostile(file.bytes, flips: 2000) { _ = try OnnxReader.read(bytes: $0) }
    #expect(refused > 0)
  }
}
