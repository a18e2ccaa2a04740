import struct Foundation.Data
import class Foundation.FileManager
import class Foundation.JSONDecoder
import VisionGraph
import Testing
import VisionNet

/// Files of others: what their inputs take and what their outputs mean is found out, asked, or refused.
@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct ForeignClassifierTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try ColorModel.writeImage(250, 10, 10, to: folder.file("red.png"))
    try FileManager.default.createDirectory(
      atPath: folder.file("data/red"), withIntermediateDirectories: true)
    try ColorModel.writeImage(250, 10, 10, to: folder.file("data/red/1.png"))
    try folder.write(
      """
      {"version": 1, "width": 8, "height": 8, "fit": {"mode": "squash"}, "filter": "box", "channels": "rgb",
       "scale": [0.02, 0.02, 0.02], "mean": [0, 0, 0], "deviation": [1, 1, 1]}
      """, to: "steps.json")
  }

  private struct Record: Decodable {
    struct Guess: Decodable {
      let label: String
      let probability: Double
    }
    struct Failure: Decodable { let code: String }
    let predictions: [Guess]?
    let error: Failure?
  }

  /// A network that gives the means of the channels, and what `body` makes of them.
  private func write(
    _ name: String, dimensions: [AxisLength] = [.symbolic("N"), .fixed(3), .fixed(8), .fixed(8)],
    type: ElementType = .float32, classes: Int = 3, _ body: (GraphBuilder, Value) throws -> [(String, Value)]
  ) throws {
    let builder = GraphBuilder()
    var x = try builder.input("x", type: type, dimensions: dimensions, binding: ["H": 16, "W": 16])
    if type != .float32 { x = try builder.add(Cast(to: .float32), x) }
    if case .fixed(3)? = dimensions.last, dimensions.count == 4 {
      x = try builder.add(Transpose([0, 3, 1, 2]), x)
    }
    var means = try builder.add(Flatten(), builder.add(GlobalAveragePool(), x))
    if classes == 1 {
      let (start, end) = (builder.constant(Tensor([Int64(0)])), builder.constant(Tensor([Int64(1)])))
      means = try builder.add(Slice(), [means, start, end, builder.constant(Tensor([Int64(1)]))])[0]
    }
    for (name, value) in try body(builder, means) { try builder.output(name, value) }
    try Model(graph: builder.graph, parameters: Parameters()).write(to: folder.file(name))
  }

  private func classify(_ model: String, _ arguments: String...) throws -> (
    record: Record?, status: Int32, messages: String
  ) {
    let result = try Tool.run(
      [
        "classify", "--format", "jsonl", "-m", folder.file(model), folder.file("red.png"), "--preprocessing",
        folder.file("steps.json"),
      ] + arguments)
    let record = try result.lines.first.map { try JSONDecoder().decode(Record.self, from: Data($0.utf8)) }
    return (record, result.status, result.messages)
  }

  /// softmax(5, 0.2, 0.2).
  private let wanted = [0.983678, 0.008161, 0.008161]

  private func expectRed(_ record: Record?, _ comment: Comment) {
    let found = record?.predictions?.map(\.probability) ?? []
    #expect(found.count == 3 && zip(found, wanted).allSatisfy { abs($0 - $1) < 2e-3 }, comment)
  }

  @Test func softmaxIsAppliedOnceHoweverItIsWritten() throws {
    try write("softmax.onnx") { b, x in [("y", try b.add(Softmax(axis: 1), x))] }
    try write("cast.onnx") { b, x in
      [("y", try b.add(Cast(to: .float32), b.add(Softmax(axis: 1), b.add(Cast(to: .float16), x))))]
    }
    try write("parts.onnx") { b, x in
      let e = try b.add(Exp(), x)
      return [("y", try b.add(Div(), e, b.add(ReduceSum(), e, b.constant(Tensor([Int64(1)])))))]
    }
    try write("logits.onnx") { [("y", try $0.add(Identity(), $1))] }
    try write("logarithms.onnx") { b, x in [("y", try b.add(LogSoftmax(axis: 1), x))] }
    try write("places.onnx") { b, x in
      let shape = b.constant(Tensor([-1, 3, 1, 1] as [Int64]))
      return [("y", try b.add(Reshape(), b.add(Softmax(axis: 1), x), shape))]
    }
    for name in ["softmax", "cast", "parts", "logits", "logarithms", "places"] {
      let result = try classify("\(name).onnx")
      #expect(result.status == 0, "\(name): \(result.messages)")
      expectRed(result.record, "\(name): \(result.messages)")
    }
    // Only of the one that ends in a linear layer there is something to say.
    #expect(try classify("logits.onnx").messages.contains("logits of one class"))
    #expect(!(try classify("parts.onnx").messages.contains("logits")))
  }

  @Test func numbersThatSumToOneAreNotPutThroughSoftmaxAgain() throws {
    // A mean of two softmaxes is nothing that is known.
    try write("mean.onnx") { b, x in
      let both = try b.add(Add(), b.add(Softmax(axis: 1), x), b.add(Softmax(axis: 1), x))
      return [("y", try b.add(Mul(), both, b.constant(Tensor(scalar: Float(0.5)))))]
    }
    let result = try classify("mean.onnx")
    expectRed(result.record, "\(result.messages)")
    #expect(result.messages.contains("warning: ") && result.messages.contains("sum to 1"))
    // Percents can be nothing but asked for.
    try write("percent.onnx") { b, x in
      [("y", try b.add(Mul(), b.add(Softmax(axis: 1), x), b.constant(Tensor(scalar: Float(100)))))]
    }
    let percent = try classify("percent.onnx")
    #expect(percent.status == 65)
    #expect(percent.messages.contains("--activation"), "\(percent.messages)")
  }

  @Test func severalLabelsAreEachByThemselves() throws {
    try write("several.onnx") { b, x in [("y", try b.add(Sigmoid(), x))] }
    try write("linear.onnx") { [("y", try $0.add(Identity(), $1))] }
    for (name, arguments) in [("several", []), ("linear", ["--activation", "sigmoid"])] {
      let result = try Tool.run(
        [
          "classify", "--format", "jsonl", "-m", folder.file("\(name).onnx"), folder.file("red.png"),
          "--preprocessing", folder.file("steps.json"),
        ] + arguments)
      let record = try JSONDecoder().decode(Record.self, from: Data(result.output.utf8))
      let found = record.predictions?.map(\.probability) ?? []
      #expect(
        zip(found, [0.993307, 0.549834, 0.549834]).allSatisfy { abs($0 - $1) < 1e-5 }, "\(name): \(found)")
    }
  }

  @Test func oneNumberIsThePositiveOfTwo() throws {
    try write("one.onnx", classes: 1) { b, x in [("y", try b.add(Sigmoid(), x))] }
    let one = try classify("one.onnx").record?.predictions
    #expect(one?.map(\.label) == ["positive", "negative"])
    #expect(abs((one?[0].probability ?? 0) - 0.993307) < 1e-5)
    try folder.write("red\n", to: "labels.txt")
    let named = try classify("one.onnx", "--labels", folder.file("labels.txt")).record?.predictions
    #expect(named?.map(\.label) == ["red", "not red"])
    try write("logit.onnx", classes: 1) { [("y", try $0.add(Identity(), $1))] }
    let refused = try classify("logit.onnx")
    #expect(refused.status == 65 && refused.messages.contains("--activation"), "\(refused.messages)")
    let asked = try classify("logit.onnx", "--activation", "sigmoid").record?.predictions
    #expect(abs((asked?[0].probability ?? 0) - 0.993307) < 1e-5)
  }

  @Test func everyLayoutTypeAndOpenSideIsTaken() throws {
    try write("open.onnx", dimensions: [.symbolic("N"), .fixed(3), .symbolic("H"), .symbolic("W")]) {
      [("y", try $0.add(Softmax(axis: 1), $1))]
    }
    try write("pixels.onnx", dimensions: [.symbolic("N"), .symbolic("H"), .symbolic("W"), .fixed(3)]) {
      [("y", try $0.add(Softmax(axis: 1), $1))]
    }
    try write("halves.onnx", type: .float16) { [("y", try $0.add(Softmax(axis: 1), $1))] }
    try write("doubles.onnx", type: .float64) { [("y", try $0.add(Softmax(axis: 1), $1))] }
    for name in ["open", "pixels", "halves", "doubles"] {
      expectRed(try classify("\(name).onnx").record, "\(name)")
    }
    // Bytes are the pixels as they are, whatever the preprocessing scales.
    try write(
      "bytes.onnx", dimensions: [.symbolic("N"), .fixed(8), .fixed(8), .fixed(3)], type: .uint8
    ) { b, x in
      [("y", try b.add(Softmax(axis: 1), b.add(Mul(), x, b.constant(Tensor(scalar: Float(0.02))))))]
    }
    expectRed(try classify("bytes.onnx").record, "bytes")
    let model = folder.file("open.onnx")
    let steps = ["--preprocessing", folder.file("steps.json")]
    #expect(try Tool.run(["inspect", model]).output.contains("224"))
    #expect(!(try Tool.run(["inspect", model] + steps).output.contains("224")))
    #expect(try Tool.run(["bench", model, "--runs", "1"] + steps).status == 0)
    #expect(
      try Tool.run(["explain", folder.file("red.png"), "-m", model, "-o", folder.file("heat.png")] + steps)
        .status
        == 0)
  }

  @Test func ofSeveralOutputsOneIsTakenOrAskedFor() throws {
    try write("several.onnx") { b, x in
      [("a", try b.add(Identity(), x)), ("b", try b.add(Neg(), x))]
    }
    let refused = try classify("several.onnx")
    #expect(refused.status == 65 && refused.messages.contains("--output-name"), "\(refused.messages)")
    expectRed(try classify("several.onnx", "--output-name", "a").record, "a")
    let none = try classify("several.onnx", "--output-name", "c")
    #expect(none.status == 65 && none.messages.contains("no output 'c'"))
  }

  @Test func whatIsNoNumberIsAnErrorRecord() throws {
    for (name, number) in [("nan", Float.nan), ("infinity", .infinity), ("minus", -.infinity)] {
      try write("\(name).onnx") { b, x in
        [("y", try b.add(Add(), x, b.constant(Tensor([0, number, 0] as [Float]))))]
      }
      let result = try classify("\(name).onnx")
      #expect(result.status == 65)
      #expect(result.record?.error?.code == "notFinite", "\(name): \(result.messages)")
    }
  }

  @Test func quantizeKeepsWhatWasSaid() throws {
    let builder = GraphBuilder()
    let x = try builder.input(
      "x", dimensions: [.symbolic("N"), .fixed(3), .symbolic("H"), .symbolic("W")],
      binding: ["H": 16, "W": 16])
    let weight = try builder.parameter("weight", shape: [3, 3, 1, 1], initializer: .zeros)
    let maps = try builder.add(Conv(window: Window(kernel: [1, 1])), x, weight)
    try builder.output("y", builder.add(Flatten(), builder.add(GlobalAveragePool(), maps)))
    var parameters = Parameters()
    parameters["weight"] = Tensor([1, 0, 0, 0, 1, 0, 0, 0, 1] as [Float], shape: [3, 3, 1, 1])
    try Model(graph: builder.graph, parameters: parameters).write(to: folder.file("float.onnx"))
    let result = try Tool.run([
      "quantize", folder.file("float.onnx"), folder.file("data"), "-o", folder.file("int8.onnx"),
      "--preprocessing", folder.file("steps.json"), "--activation", "sigmoid",
    ])
    #expect(result.status == 0, "\(result.messages)")
    let written = try Model(contentsOf: folder.file("int8.onnx"))
    #expect(written.activation == .sigmoid)
    #expect(written.preprocessing?.width == 8)
    let answer = try Tool.run(["classify", "-m", folder.file("int8.onnx"), folder.file("red.png")])
    #expect(answer.output.contains("class 0 0.99"), "\(answer.output) \(answer.messages)")
  }
}
