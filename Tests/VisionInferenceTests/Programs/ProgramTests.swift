import Testing
import VisionModel
import VisionTensor

/// What is known of a program before it runs.
@Suite struct ProgramTests {
  @Test func saysWhereStagesEnd() throws {
    var body = NetworkFile(
      [.init("i", .int64, []), .init("go", .bool, [])], [.init("go2", .bool, []), .init("part")])
    body.constant("axis", Tensor([0] as [Int64]))
    body.node("Identity", ["go"], ["go2"])
    body.node("Unsqueeze", ["i", "axis"], ["at"])
    body.node("Slice", ["x", "at", "n"], ["part"])
    var file = NetworkFile(
      [.init("x", .float32, [nil]), .init("m", .int64, [])], [.init("y"), .init("list")])
    file.node("Shape", ["x"], ["n"])
    file.node("Reshape", ["x", "n"], ["same"])
    file.node("NonZero", ["same"], ["places"])
    file.node("Loop", ["m", ""], ["y"], [.graph("body", body)])
    file.node("SplitToSequence", ["x"], ["list"])
    let program = try file.program()
    #expect(program.nodeCount == 8)
    let ends = program.stageEnds
    #expect(ends.map(\.operatorName) == ["NonZero", "Loop", "Slice", "SplitToSequence"])
    #expect(ends.map(\.reason) == [.extents, .control, .value, .sequence])
    #expect(ends.map(\.path) == ["places", "y", "y/part", "list"])
    #expect(ends.map(\.position) == [2, 3, 2, 4])
  }

  @Test func aNetworkOfFixedShapesHasNone() throws {
    var file = NetworkFile([.init("x", .float32, [nil, 4])], [.init("y")])
    file.constant("two", Tensor([2] as [Int64]))
    file.node("Shape", ["x"], ["n"])
    file.node("Mul", ["n", "two"], ["m"])
    file.node("Expand", ["x", "n"], ["e"])
    file.node("Tile", ["e", "two"], ["y"])
    #expect(try file.program().stageEnds.isEmpty)
  }

  @Test func declaresInputsAndOutputs() throws {
    var file = NetworkFile([.init("x", .int32, [nil, 4])], [.init("y", .int64, [2])])
    file.node("Size", ["x"], ["y"])
    let program = try file.program()
    #expect(program.inputs.map(\.name) == ["x"])
    #expect(program.inputs[0].type == .int32)
    #expect(program.inputs[0].extents == [nil, 4])
    #expect(program.outputs[0].extents == [2])
    #expect(program.outputs[0].otherKind == nil)
  }
}
