import Testing
import VisionCompute
import VisionGraph
import VisionModel
import VisionTensor
import VisionTestSupport

@testable import VisionInference

/// If, Loop and Scan run their graphs, which read values around them.
@Suite struct ControlFlowTests {
  private func run(_ file: NetworkFile, _ inputs: [String: Tensor]) throws -> [String: Tensor] {
    try ProgramSession(file.program(), on: Executor(threads: 1)).run(inputs)
  }

  /// y = x + x where the flag holds, else the first row of x.
  private var choosing: NetworkFile {
    var file = NetworkFile([.init("x", .float32, [nil, nil]), .init("flag", .bool, [])], [.init("y")])
    var double = NetworkFile(giving: [.init("d")])
    double.node("Add", ["x", "x"], ["d"])
    var row = NetworkFile(giving: [.init("r")])
    row.constant("first", Tensor(scalar: Int64(0)))
    row.node("Gather", ["x", "first"], ["r"])
    file.node("If", ["flag"], ["y"], [.graph("then_branch", double), .graph("else_branch", row)])
    return file
  }

  @Test func branchesMayHaveDifferentShapes() throws {
    let x = Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
    let session = ProgramSession(try choosing.program(), on: Executor(threads: 1))
    for _ in 0..<2 {
      let double = try session.run(["x": x, "flag": Tensor(scalar: true)])["y"]
      #expect(double == Tensor([2, 4, 6, 8] as [Float], shape: [2, 2]))
      let row = try session.run(["x": x, "flag": Tensor(scalar: false)])["y"]
      #expect(row == Tensor([1, 2] as [Float]))
    }
  }

  @Test func aConditionThatFollowsFromShapesIsNoEndOfAStage() throws {
    var file = choosing
    file.inputs.removeLast()
    file.nodes.insert(
      .init(operatorName: "Size", inputs: ["x"], outputs: ["n"], attributes: [], domain: ""), at: 0)
    file.nodes.insert(
      .init(operatorName: "Greater", inputs: ["n", "five"], outputs: ["flag"], attributes: [], domain: ""),
      at: 1)
    file.constant("five", Tensor(scalar: Int64(5)))
    file.node("Neg", ["y"], ["z"])
    file.outputs = [.init("z")]
    let session = ProgramSession(try file.program(), on: Executor(threads: 1))
    let small = try session.run(["x": Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])])
    #expect(small["z"] == Tensor([-1, -2] as [Float]))
    #expect(session.stages.count == 1)
    let large = try session.run(["x": Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])])
    #expect(large["z"]?.floats == [-2, -4, -6, -8, -10, -12])
    #expect(session.stages.count == 2)
  }

  /// Adds x to a sum and collects the squares of the counter, `trips` times or while the sum is below a limit.
  private var summing: NetworkFile {
    var body = NetworkFile(
      [.init("i", .int64, []), .init("go", .bool, []), .init("sum")],
      [.init("goes", .bool, []), .init("next"), .init("square", .int64, [])])
    body.node("Add", ["sum", "x"], ["next"])
    body.node("ReduceMax", ["next"], ["most"], [.int("keepdims", 0)])
    body.node("Less", ["most", "limit"], ["goes"])
    body.node("Mul", ["i", "i"], ["square"])
    var file = NetworkFile(
      [.init("x", .float32, [nil]), .init("trips", .int64, []), .init("limit", .float32, [])],
      [.init("y"), .init("squares", .int64)])
    file.node("Sub", ["x", "x"], ["zero"])
    file.node("Loop", ["trips", "", "zero"], ["y", "squares"], [.graph("body", body)])
    return file
  }

  private func sum(trips: Int64, limit: Float) throws -> (y: [Float]?, squares: Tensor?) {
    let result = try run(
      summing,
      ["x": Tensor([1, 2] as [Float]), "trips": Tensor(scalar: trips), "limit": Tensor(scalar: limit)])
    return (result["y"]?.floats, result["squares"])
  }

  @Test func loopsCountAndStop() throws {
    let counted = try sum(trips: 3, limit: 100)
    #expect(counted.y == [3, 6])
    #expect(counted.squares == Tensor([0, 1, 4] as [Int64]))
    let stopped = try sum(trips: 100, limit: 7)
    #expect(stopped.y == [4, 8])
    #expect(stopped.squares == Tensor([0, 1, 4, 9] as [Int64]))
    for trips in [0, -5] as [Int64] {
      let none = try sum(trips: trips, limit: 7)
      #expect(none.y == [0, 0])
      #expect(none.squares == Tensor([] as [Int64]))
    }
  }

  @Test func loopsMayGrowValuesAndReadTheirCounter() throws {
    // The i-th iteration appends the i-th row of x.
    var body = NetworkFile(
      [.init("i", .int64, []), .init("go", .bool, []), .init("rows")],
      [.init("go2", .bool, []), .init("more")])
    body.constant("axis", Tensor([0] as [Int64]))
    body.constant("one", Tensor([1] as [Int64]))
    body.node("Identity", ["go"], ["go2"])
    body.node("Unsqueeze", ["i", "axis"], ["from"])
    body.node("Add", ["from", "one"], ["to"])
    body.node("Slice", ["x", "from", "to"], ["row"])
    body.node("Concat", ["rows", "row"], ["more"], [.int("axis", 0)])
    var file = NetworkFile([.init("x", .float32, [nil, nil]), .init("trips", .int64, [])], [.init("y")])
    file.constant("none", Tensor([] as [Float], shape: [0, 2]))
    file.node("Loop", ["trips", "", "none"], ["y"], [.graph("body", body)])
    let x = pattern([20, 2])
    let result = try run(file, ["x": x, "trips": Tensor(scalar: Int64(20))])
    #expect(result["y"] == x)
  }

  @Test func graphsAreNestedAndReadWhatIsAround() throws {
    // Of every number of 1...n the half where it is even, else three times it and one.
    var even = NetworkFile(giving: [.init("e", .int64)])
    even.node("Div", ["k", "two"], ["e"])
    var odd = NetworkFile(giving: [.init("o", .int64)])
    odd.node("Mul", ["k", "three"], ["t"])
    odd.node("Add", ["t", "one"], ["o"])
    var body = NetworkFile(
      [.init("i", .int64, []), .init("go", .bool, [])], [.init("go2", .bool, []), .init("r", .int64, [])])
    body.node("Identity", ["go"], ["go2"])
    body.node("Add", ["i", "one"], ["k"])
    body.node("Mod", ["k", "two"], ["rest"])
    body.node("Equal", ["rest", "zero"], ["isEven"])
    body.node("If", ["isEven"], ["r"], [.graph("then_branch", even), .graph("else_branch", odd)])
    var file = NetworkFile([.init("n", .int64, [])], [.init("y", .int64)])
    for (name, value) in [("zero", 0), ("one", 1), ("two", 2), ("three", 3)] as [(String, Int64)] {
      file.constant(name, Tensor(scalar: value))
    }
    file.node("Loop", ["n", ""], ["y"], [.graph("body", body)])
    #expect(try run(file, ["n": Tensor(scalar: Int64(6))])["y"] == Tensor([4, 1, 10, 2, 16, 3] as [Int64]))
  }

  @Test func aFunctionsGraphsReadTheFunctionsValues() throws {
    var then = NetworkFile(giving: [.init("t")])
    then.node("Add", ["a", "inner"], ["t"])
    var otherwise = NetworkFile(giving: [.init("o")])
    otherwise.node("Sub", ["a", "inner"], ["o"])
    var file = NetworkFile(
      [.init("inner", .float32, [nil]), .init("flag", .bool, [])], [.init("y"), .init("z")])
    file.functions = [
      .init(
        name: "Choose", inputs: ["a", "c"], outputs: ["r"],
        nodes: [
          .init(operatorName: "Mul", inputs: ["a", "a"], outputs: ["inner"], attributes: [], domain: ""),
          .init(
            operatorName: "If", inputs: ["c"], outputs: ["r"],
            attributes: [.graph("then_branch", then), .graph("else_branch", otherwise)], domain: ""),
        ])
    ]
    file.node("Neg", ["inner"], ["a"])
    file.node("Choose", ["a", "flag"], ["y"], domain: "own")
    file.node("Choose", ["inner", "flag"], ["z"], domain: "own")
    let x = Tensor([1, 3] as [Float])
    let plus = try run(file, ["inner": x, "flag": Tensor(scalar: true)])
    #expect(plus["y"]?.floats == [0, 6])
    #expect(plus["z"]?.floats == [2, 12])
    let minus = try run(file, ["inner": x, "flag": Tensor(scalar: false)])
    #expect(minus["y"]?.floats == [-2, -12])
    #expect(minus["z"]?.floats == [0, -6])
  }

  @Test func scansGoAlongAxes() throws {
    var body = NetworkFile([.init("sum"), .init("x")], [.init("next"), .init("copy")])
    body.node("Add", ["sum", "x"], ["next"])
    body.node("Identity", ["next"], ["copy"])
    var file = NetworkFile(
      [.init("s", .float32, [2]), .init("x", .float32, [nil, nil])], [.init("y"), .init("z")])
    let plain: [NetworkFile.Attribute] = [.graph("body", body), .int("num_scan_inputs", 1)]
    let x = Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2])
    let zero = Tensor([0, 0] as [Float])
    file.node("Scan", ["s", "x"], ["y", "z"], plain)
    let forward = try run(file, ["s": zero, "x": x])
    #expect(forward["y"]?.floats == [9, 12])
    #expect(forward["z"] == Tensor([1, 2, 4, 6, 9, 12] as [Float], shape: [3, 2]))
    // Backwards along the columns of the transposed x, and the results as columns in the order of the input.
    file.nodes = []
    file.node(
      "Scan", ["s", "x"], ["y", "z"],
      plain + [
        .ints("scan_input_axes", [-1]), .ints("scan_input_directions", [1]), .ints("scan_output_axes", [1]),
        .ints("scan_output_directions", [1]),
      ])
    let backward = try run(file, ["s": zero, "x": Tensor([1, 3, 5, 2, 4, 6] as [Float], shape: [2, 3])])
    #expect(backward["y"]?.floats == [9, 12])
    #expect(backward["z"] == Tensor([9, 8, 5, 12, 10, 6] as [Float], shape: [2, 3]))
  }

  @Test func scansOfOpset8HaveSamplesAndLengths() throws {
    var body = NetworkFile([.init("sum"), .init("x")], [.init("next"), .init("copy")])
    body.node("Add", ["sum", "x"], ["next"])
    body.node("Identity", ["next"], ["copy"])
    var file = NetworkFile(
      [.init("lengths", .int64, [2]), .init("s", .float32, [2, 1]), .init("x", .float32, [2, 3, 1])],
      [.init("y"), .init("z")])
    file.opset = 8
    file.node(
      "Scan", ["lengths", "s", "x"], ["y", "z"], [.graph("body", body), .int("num_scan_inputs", 1)])
    let result = try run(
      file,
      [
        "lengths": Tensor([3, 2] as [Int64]), "s": Tensor([0, 10] as [Float], shape: [2, 1]),
        "x": Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3, 1]),
      ])
    #expect(result["y"]?.floats == [6, 19])
    #expect(result["z"] == Tensor([1, 3, 6, 14, 19, 0] as [Float], shape: [2, 3, 1]))
  }

  // MARK: What is refused

  @Test func aLoopWithoutAnEndEndsInAnError() throws {
    var body = NetworkFile([.init("i", .int64, []), .init("go", .bool, [])], [.init("go2", .bool, [])])
    body.node("Identity", ["go"], ["go2"])
    var file = NetworkFile([.init("x", .float32, [1])], [.init("y")])
    file.node("Loop", ["trips", ""], [], [.graph("body", body)])
    file.node("Identity", ["x"], ["y"])
    file.constant("trips", Tensor(scalar: Int64.max))
    var options = ProgramSession.Options()
    options.loopIterations = 100
    let session = ProgramSession(try file.program(), on: Executor(threads: 1), options)
    #expect(graphErrorKind { try session.run(["x": Tensor([1] as [Float])]) } == .tooLarge)
  }

  @Test func aLoopThatGrowsEndsInAnError() throws {
    var body = NetworkFile(
      [.init("i", .int64, []), .init("go", .bool, []), .init("x")], [.init("go2", .bool, []), .init("xx")])
    body.node("Identity", ["go"], ["go2"])
    body.node("Concat", ["x", "x"], ["xx"], [.int("axis", 0)])
    var file = NetworkFile([.init("x", .float32, [nil])], [.init("y")])
    file.node("Loop", ["trips", "", "x"], ["y"], [.graph("body", body)])
    file.constant("trips", Tensor(scalar: Int64(60)))
    var options = ProgramSession.Options()
    options.memoryLimit = 1 << 20
    let session = ProgramSession(try file.program(), on: Executor(threads: 1), options)
    #expect(graphErrorKind { try session.run(["x": Tensor([1] as [Float])]) } == .tooLarge)
  }

  @Test func graphsThatDoNotFitAreRefused() throws {
    // A branch that reads what nothing computes.
    var lost = NetworkFile(giving: [.init("d")])
    lost.node("Add", ["x", "nowhere"], ["d"])
    var file = choosing
    file.nodes = []
    file.node("If", ["flag"], ["y"], [.graph("then_branch", lost), .graph("else_branch", lost)])
    #expect(throws: FormatError.self) { try file.program() }
    // A node that lacks its graph.
    file.nodes = []
    file.node("If", ["flag"], ["y"], [.graph("then_branch", choosing)])
    #expect(throws: FormatError.self) { try file.program() }
    // A body with too few outputs.
    var body = NetworkFile([.init("i", .int64, []), .init("go", .bool, [])], [.init("go2", .bool, [])])
    body.node("Identity", ["go"], ["go2"])
    file.nodes = []
    file.node("Loop", ["", "flag", "x"], ["y"], [.graph("body", body)])
    let inputs = ["x": Tensor([1] as [Float], shape: [1, 1]), "flag": Tensor(scalar: true)]
    #expect(graphErrorKind { try run(file, inputs) } == .structure)
    // Graphs within graphs within graphs.
    var leaf = NetworkFile(giving: [.init("y")])
    leaf.node("Neg", ["x"], ["y"])
    var deep = leaf
    for _ in 0...GraphLimits.subgraphDepth {
      var outer = NetworkFile(giving: [.init("y")])
      outer.node("If", ["flag"], ["y"], [.graph("then_branch", deep), .graph("else_branch", leaf)])
      deep = outer
    }
    file.nodes = deep.nodes
    do {
      _ = try file.program()
      Issue.record("it was read")
    } catch { #expect((error as? FormatError)?.kind == .tooLarge) }
  }

  @Test func twoOutputsOfOneNameAreRefused() {
    var file = choosing
    file.outputs = [.init("y"), .init("y")]
    #expect(throws: FormatError.self) { try file.program() }
  }

  @Test func scansThatArePaddedBeyondTheMemoryAreRefused() throws {
    var body = NetworkFile([.init("sum"), .init("x")], [.init("next"), .init("wide")])
    body.constant("extent", Tensor([1000] as [Int64]))
    body.node("Add", ["sum", "x"], ["next"])
    body.node("Expand", ["next", "extent"], ["wide"])
    var file = NetworkFile(
      [.init("lengths", .int64, [1]), .init("s", .float32, [1, 1]), .init("x", .float32, [1, nil, 1])],
      [.init("y"), .init("z")])
    file.opset = 8
    file.node(
      "Scan", ["lengths", "s", "x"], ["y", "z"], [.graph("body", body), .int("num_scan_inputs", 1)])
    var options = ProgramSession.Options()
    options.memoryLimit = 1 << 20
    let session = ProgramSession(try file.program(), on: Executor(threads: 1), options)
    let inputs = [
      "lengths": Tensor([1] as [Int64]), "s": Tensor([0] as [Float], shape: [1, 1]),
      "x": Tensor(repeating: Float(1), shape: [1, 1000, 1]),
    ]
    #expect(graphErrorKind { try session.run(inputs) } == .tooLarge)
  }

  @Test func operatorsInsideOfGraphsAreListed() {
    var then = NetworkFile(giving: [.init("d")])
    then.node("NoSuchThing", ["x"], ["d"])
    var file = choosing
    file.nodes = []
    file.node("If", ["flag"], ["y"], [.graph("then_branch", then), .graph("else_branch", then)])
    do {
      _ = try file.program()
      Issue.record("it was read")
    } catch {
      #expect((error as? FormatError)?.message.contains("NoSuchThing (2×)") == true)
    }
  }
}
