import Testing
import VisionCompute
import VisionGraph
import VisionModel
import VisionRuntime
import VisionTensor
import VisionTestSupport

@testable import VisionInference

/// Networks run in stages where their shapes follow from data.
@Suite struct ProgramSessionTests {
  private func session(_ file: NetworkFile, interpreted: Bool = false) throws -> ProgramSession {
    var options = ProgramSession.Options()
    options.isInterpreted = interpreted
    return ProgramSession(try file.program(), on: Executor(threads: 2), options)
  }

  /// The elements above a threshold, doubled, and their positions.
  private var selecting: NetworkFile {
    var file = NetworkFile([.init("x", .float32, [nil, nil])], [.init("kept"), .init("places", .int64)])
    file.constant("threshold", Tensor(scalar: Float(1)))
    file.constant("two", Tensor([2] as [Float]))
    file.node("Greater", ["x", "threshold"], ["mask"])
    file.node("NonZero", ["mask"], ["columns"])
    file.node("Transpose", ["columns"], ["places"])
    file.node("GatherND", ["x", "places"], ["found"])
    file.node("Mul", ["found", "two"], ["kept"])
    return file
  }

  @Test func aFileWithFixedShapesIsOneStageWithThePlansBits() throws {
    var file = NetworkFile([.init("x", .float32, [1, 3, 9, 11])], [.init("y")])
    file.constant("w", pattern([8, 3, 3, 3]))
    file.constant("shape", Tensor([1, -1] as [Int64]))
    file.node("Conv", ["x", "w"], ["a"], [.ints("pads", [1, 1, 1, 1])])
    file.node("Relu", ["a"], ["b"])
    file.node("Reshape", ["b", "shape"], ["y"])
    let session = try session(file)
    let x = pattern([1, 3, 9, 11])
    let result = try session.run(["x": x])["y"]
    let model = try OnnxReader.read(bytes: file.bytes)
    let executor = Executor(threads: 2)
    let plan = try Plan(model.graph, parameters: model.parameters, instructionSet: executor.instructionSet)
    #expect(try result == plan.run(["x": x], on: executor)["y"])
    #expect(session.stages.count == 1)
  }

  @Test func extentsFollowFromData() throws {
    for interpreted in [false, true] {
      let session = try session(selecting, interpreted: interpreted)
      let first = try session.run(["x": Tensor([0, 2, 3, 1, 5, 0] as [Float], shape: [2, 3])])
      #expect(first["kept"]?.floats == [4, 6, 10])
      #expect(first["places"]?.integers == [0, 1, 0, 2, 1, 1])
      let second = try session.run(["x": Tensor([0, 2, 0, 1, 1, 0] as [Float], shape: [2, 3])])
      #expect(second["kept"]?.floats == [4])
      let none = try session.run(["x": Tensor(repeating: Float(0), shape: [2, 3])])
      #expect(none["kept"]?.shape == [0])
      #expect(none["places"]?.shape == [0, 2])
      let wide = try session.run(["x": Tensor([7] as [Float], shape: [1, 1])])
      #expect(wide["kept"]?.floats == [14])
    }
  }

  @Test func weightsMayBeWhatExtentsFollowFrom() throws {
    var file = NetworkFile(
      [.init("x", .float32, [3])], [.init("y"), .init("places", .int64), .init("boxes", .int64)])
    file.constant("w", Tensor([0, 2, 5] as [Float]))
    file.constant("corners", Tensor([0, 0, 1, 1, 0, 0, 1, 0.9] as [Float], shape: [1, 2, 4]))
    file.constant("count", Tensor([9] as [Int64]))
    file.constant("share", Tensor([0.5] as [Float]))
    file.constant("scores", Tensor([0.25, 0.75] as [Float], shape: [1, 1, 2]))
    file.node("NonZero", ["w"], ["places"])
    file.node("Mul", ["x", "w"], ["y"])
    file.node("NonMaxSuppression", ["corners", "scores", "count", "share"], ["boxes"])
    let x = Tensor([1, 1, 2] as [Float])
    let results = try session(file).run(["x": x])
    #expect(results["y"]?.floats == [0, 2, 10])
    #expect(results["places"] == Tensor([1, 2] as [Int64], shape: [1, 2]))
    #expect(results["boxes"] == Tensor([0, 0, 1] as [Int64], shape: [1, 3]))
    // All of it follows from the file, so that it is one graph.
    let model = try OnnxReader.read(bytes: file.bytes)
    #expect(
      try Interpreter(model.graph, parameters: model.parameters).run(["x": x])["boxes"] == results["boxes"])
  }

  @Test func theReaderOfOneGraphSaysThatItIsNone() {
    do {
      _ = try OnnxReader.read(bytes: selecting.bytes, inputShapes: ["x": [2, 3]])
      Issue.record("it was read")
    } catch {
      #expect(error.kind == .dataDependent)
      #expect(error.node == "columns")
    }
  }

  @Test func stagesAreKeptWithinABound() throws {
    let session = try session(selecting)
    let x = Tensor([0, 2, 3, 1, 5, 0] as [Float], shape: [2, 3])
    _ = try session.run(["x": x])
    let count = session.stages.count
    _ = try session.run(["x": x])
    #expect(session.stages.count == count)
    for extent in 1...(2 * GraphLimits.keptStageForms) {
      let result = try session.run(["x": Tensor(repeating: Float(3), shape: [1, extent])])
      #expect(result["kept"]?.floats == [Float](repeating: 6, count: extent))
    }
    #expect(session.stages.count <= 4 * GraphLimits.keptStageForms)
    #expect(try session.run(["x": x])["kept"]?.floats == [4, 6, 10])
  }

  @Test func shapesMayBeInputs() throws {
    var file = NetworkFile(
      [.init("x"), .init("shape", .int64, [nil]), .init("axes", .int64, [nil])], [.init("y"), .init("sum")])
    file.node("Reshape", ["x", "shape"], ["r"])
    file.node("Sqrt", ["r"], ["y"])
    file.node("ReduceSum", ["y", "axes"], ["sum"], [.int("keepdims", 0)])
    let session = try session(file)
    let x = Tensor([1, 4, 9, 16, 25, 36] as [Float])
    for (shape, axes, sum) in [([2, 3], [1], [6, 15]), ([3, -1], [0], [9, 12]), ([6], [0], [21])]
      as [(
        [Int64], [Int64], [Float]
      )]
    {
      let result = try session.run(["x": x, "shape": Tensor(shape), "axes": Tensor(axes)])
      #expect(result["y"]?.floats == [1, 2, 3, 4, 5, 6])
      #expect(result["sum"]?.floats == sum)
    }
  }

  @Test func weightsAreSharedAmongShapesButNotWhatFollowsFromShapes() throws {
    // The factors follow from the shape of x alone, and are larger than what shape inference computes.
    var file = NetworkFile([.init("x", .float32, [nil]), .init("n", .int64, [1])], [.init("y")])
    file.constant("large", Tensor([5000] as [Int64]))
    file.node("Shape", ["x"], ["s"])
    file.node("Expand", ["s", "large"], ["numbers"])
    file.node("Cast", ["numbers"], ["factors"], [.int("to", 1)])
    file.node("ReduceSum", ["x"], ["sum"])
    file.node("Mul", ["factors", "sum"], ["y"])
    let session = try session(file)
    for extent in [3, 5, 3] {
      let result = try session.run([
        "x": Tensor(repeating: Float(1), shape: [extent]), "n": Tensor([1] as [Int64]),
      ])
      #expect(result["y"]?.floats.first == Float(extent * extent))
    }
  }

  @Test func inputsAreChecked() throws {
    let session = try session(selecting)
    let fits = Tensor(repeating: Float(0), shape: [2, 3])
    #expect(graphErrorKind { try session.run([:] as [String: Tensor]) } == .input)
    #expect(graphErrorKind { try session.run(["x": fits, "z": fits]) } == .input)
    #expect(graphErrorKind { try session.run(["x": Tensor([1] as [Float])]) } == .input)
    #expect(graphErrorKind { try session.run(["x": Tensor([1] as [Int64], shape: [1, 1])]) } == .input)
    #expect(graphErrorKind { try session.run(["x": ProgramValue.sequence([fits])]) } == .input)
  }
}
