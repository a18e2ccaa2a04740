import Testing
import VisionCompute
import VisionGraph
import VisionModel
import VisionTensor
import VisionTestSupport

@testable import VisionInference

/// Sequences and optionals are values between the stages.
@Suite struct SequenceTests {
  private func run(_ file: NetworkFile, _ inputs: [String: ProgramValue]) throws -> [String: ProgramValue] {
    try ProgramSession(file.program(), on: Executor(threads: 1)).run(inputs)
  }

  private let a = Tensor([1, 2] as [Float])
  private let b = Tensor([3, 4, 5] as [Float])

  private func pair(_ outputs: [NetworkFile.Port]) -> NetworkFile {
    var file = NetworkFile([.init("a", .float32, [nil]), .init("b", .float32, [nil])], outputs)
    file.node("SequenceConstruct", ["a", "b"], ["s"])
    return file
  }

  private var inputs: [String: ProgramValue] { ["a": .tensor(a), "b": .tensor(b)] }

  @Test func sequencesAreBuiltAndRead() throws {
    var file = pair([.init("last"), .init("n", .int64), .init("inserted"), .init("erased"), .init("joined")])
    file.constant("minus", Tensor(scalar: Int64(-1)))
    file.constant("zero", Tensor(scalar: Int64(0)))
    file.node("SequenceAt", ["s", "minus"], ["last"])
    file.node("SequenceLength", ["s"], ["n"])
    file.node("SequenceInsert", ["s", "b", "zero"], ["inserted"])
    file.node("SequenceErase", ["inserted", "minus"], ["erased"])
    file.node("ConcatFromSequence", ["erased"], ["joined"], [.int("axis", 0)])
    let results = try run(file, inputs)
    #expect(results["last"]?.tensor == b)
    #expect(results["n"]?.tensor == Tensor(scalar: Int64(2)))
    #expect(results["inserted"]?.sequence == [b, a, b])
    #expect(results["erased"]?.sequence == [b, a])
    #expect(results["joined"]?.tensor?.floats == [3, 4, 5, 1, 2])
  }

  @Test func tensorsAreSplitAndStacked() throws {
    var file = NetworkFile(
      [.init("x", .float32, [nil, nil])], [.init("two"), .init("parts"), .init("single"), .init("back")])
    file.constant("size", Tensor(scalar: Int64(2)))
    file.constant("extents", Tensor([1, 0, 2] as [Int64]))
    file.node("SplitToSequence", ["x", "size"], ["two"], [.int("axis", 1)])
    file.node("SplitToSequence", ["x", "extents"], ["parts"], [.int("axis", -1)])
    file.node("SplitToSequence", ["x"], ["single"], [.int("axis", 1), .int("keepdims", 0)])
    file.node("ConcatFromSequence", ["single"], ["back"], [.int("axis", -1), .int("new_axis", 1)])
    let x = Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    let results = try run(file, ["x": .tensor(x)])
    #expect(
      results["two"]?.sequence == [
        Tensor([1, 2, 4, 5] as [Float], shape: [2, 2]), Tensor([3, 6] as [Float], shape: [2, 1]),
      ])
    #expect(results["parts"]?.sequence?.map(\.shape) == [[2, 1], [2, 0], [2, 2]])
    #expect(results["single"]?.sequence?.map(\.floats) == [[1, 4], [2, 5], [3, 6]])
    #expect(results["back"]?.tensor == x)
  }

  @Test func loopsCarrySequencesAndGraphsMapThem() throws {
    var body = NetworkFile(
      [.init("i", .int64, []), .init("go", .bool, []), .init("list")],
      [.init("go2", .bool, []), .init("more")])
    body.node("Identity", ["go"], ["go2"])
    body.node("Cast", ["i"], ["f"], [.int("to", 1)])
    body.node("Add", ["a", "f"], ["sum"])
    body.node("SequenceInsert", ["list", "sum"], ["more"])
    var double = NetworkFile([.init("e"), .init("o")], [.init("d")])
    double.node("Mul", ["e", "o"], ["d"])
    var file = NetworkFile(
      [.init("a", .float32, [nil]), .init("trips", .int64, [])], [.init("y"), .init("m")])
    file.node("SequenceEmpty", [], ["empty"])
    file.node("Identity", ["empty"], ["copy"])
    file.node("Loop", ["trips", "", "copy"], ["y"], [.graph("body", body)])
    file.node("SequenceMap", ["y", "a"], ["m"], [.graph("body", double)])
    let results = try run(file, ["a": .tensor(a), "trips": .tensor(Tensor(scalar: Int64(3)))])
    #expect(results["y"]?.sequence?.map(\.floats) == [[1, 2], [2, 3], [3, 4]])
    #expect(results["m"]?.sequence?.map(\.floats) == [[1, 4], [2, 6], [3, 8]])
  }

  @Test func optionalsHoldSomethingOrNothing() throws {
    var file = pair([
      .init("has", .bool), .init("hasNot", .bool), .init("held"), .init("some"), .init("none"),
    ])
    file.node("Optional", ["s"], ["some"])
    file.node("Optional", [], ["none"])
    file.node("OptionalHasElement", ["some"], ["has"])
    file.node("OptionalHasElement", ["none"], ["hasNot"])
    file.node("OptionalGetElement", ["some"], ["held"])
    let results = try run(file, inputs)
    #expect(results["has"]?.tensor == Tensor(scalar: true))
    #expect(results["hasNot"]?.tensor == Tensor(scalar: false))
    #expect(results["held"]?.sequence == [a, b])
    guard case .absent? = results["none"] else {
      Issue.record("an empty optional is \(String(describing: results["none"]))")
      return
    }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    var outside = pair([.init("y")])
    outside.constant("five", Tensor(scalar: Int64(5)))
    outside.node("SequenceAt", ["s", "five"], ["y"])
    #expect(graphErrorKind { try run(outside, inputs) } == .evaluation)
    var mixed = pair([.init("y")])
    mixed.node("ConcatFromSequence", ["s"], ["y"], [.int("axis", 0), .int("new_axis", 1)])
    #expect(graphErrorKind { try run(mixed, inputs) } == .shape)
    var nothing = pair([.init("y")])
    nothing.node("Optional", [], ["none"])
    nothing.node("OptionalGetElement", ["none"], ["y"])
    #expect(graphErrorKind { try run(nothing, inputs) } == .evaluation)
    var parts = pair([.init("y")])
    parts.constant("extents", Tensor([1, 7] as [Int64]))
    parts.node("SplitToSequence", ["a", "extents"], ["y"])
    #expect(graphErrorKind { try run(parts, inputs) } == .shape)
    var added = pair([.init("y")])
    added.node("Add", ["s", "a"], ["y"])
    #expect(graphErrorKind { try run(added, inputs) } == .unsupportedFeature)
  }
}
