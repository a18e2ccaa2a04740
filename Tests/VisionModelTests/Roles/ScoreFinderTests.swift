import Testing
import VisionGraph
import VisionTensor

@testable import VisionModel

/// What an output's numbers are, found from how they were made.
@Suite struct ScoreFinderTests {
  /// A linear layer of five classes, and what `body` makes of its numbers.
  private func kind(
    shape: [Int] = [1, 5], _ body: (GraphBuilder, Value) throws -> Value
  ) throws -> ScoreKind {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.symbolic("N"), .fixed(3)])
    let weight = try builder.parameter("weight", shape: [3, 5], initializer: .zeros)
    var logits = try builder.add(MatMul(), x, weight)
    if shape != [1, 5] { logits = try reshaped(logits, shape) }
    let output = try body(builder, logits)
    var parameters = Parameters()
    parameters["weight"] = Tensor((0..<15).map { Float($0) / 7 - 1 }, shape: [3, 5])
    parameters["ones"] = Tensor([Float](repeating: 1, count: 5))
    parameters["uneven"] = Tensor([1, 1, 1, 1, 2] as [Float])
    return ScoreFinder(builder.graph, parameters, batch: 1).kind(of: output.id)
  }

  private func reshaped(_ value: Value, _ shape: [Int]) throws -> Value {
    let target = value.graph.constant(Tensor(shape.map { Int64($0) }))
    return try value.graph.add(Reshape(), value, target)
  }

  private func scalar(_ builder: GraphBuilder, _ number: Float) -> Value {
    builder.constant(Tensor(scalar: number))
  }

  private func axes(_ builder: GraphBuilder, _ axes: Int64...) -> Value { builder.constant(Tensor(axes)) }

  @Test func softmaxIsKnownBehindAllThatKeepsOrReordersValues() throws {
    typealias Step = (GraphBuilder, Value) throws -> Value
    let steps: [(String, Step)] = [
      ("nothing", { $1 }),
      ("Identity", { try $0.add(Identity(), $1) }),
      ("Dropout", { try $0.add(DropoutOperator(), $1) }),
      ("float16 and back", { try $0.add(Cast(to: .float32), $0.add(Cast(to: .float16), $1)) }),
      ("Reshape", { _, value in try self.reshaped(value, [1, 1, 5]) }),
      ("Flatten", { try $0.add(Flatten(), $1) }),
      ("Transpose", { try $0.add(Transpose([1, 0]), $1) }),
      ("Unsqueeze", { try $0.add(Unsqueeze(), $1, self.axes($0, 1)) }),
      ("times one", { try $0.add(Mul(), $1, self.scalar($0, 1)) }),
      ("one times", { try $0.add(Mul(), self.scalar($0, 1), $1) }),
      ("divided by one", { try $0.add(Div(), $1, self.scalar($0, 1)) }),
      ("plus nothing", { try $0.add(Add(), $1, self.scalar($0, 0)) }),
      (
        "weights of one",
        { try $0.add(Mul(), $1, $0.parameter("ones", shape: [5], initializer: .zeros)) }
      ),
      ("clipped", { try $0.add(Clip(), $1, self.scalar($0, 1e-7), self.scalar($0, 1 - 1e-7)) }),
      ("at least", { try $0.add(Max(), [$1, self.scalar($0, 1e-7)])[0] }),
      (
        "bytes and back",
        {
          let (scale, zero) = (self.scalar($0, 1 / 255), $0.constant(Tensor(scalar: UInt8(0))))
          return try $0.add(DequantizeLinear(), $0.add(QuantizeLinear(), $1, scale, zero), scale, zero)
        }
      ),
      (
        "reordered",
        { try $0.add(Gather(axis: 1), $1, $0.constant(Tensor([4, 3, 2, 1, 0] as [Int64]))) }
      ),
      (
        "without the first class",
        {
          try $0.add(
            Slice(), [$1, self.axes($0, 1), self.axes($0, 5), self.axes($0, 1)])[0]
        }
      ),
    ]
    for (name, step) in steps {
      let found = try kind { builder, logits in try step(builder, builder.add(Softmax(axis: 1), logits)) }
      #expect(found == .softmax, "\(name): \(found)")
    }
    // Two of them after another.
    for (name, step) in steps.dropFirst()
    where !["Transpose", "reordered", "without the first class"].contains(name) {
      let found = try kind { builder, logits in
        try builder.add(Identity(), step(builder, builder.add(Softmax(axis: -1), logits)))
      }
      #expect(found == .softmax, "\(name), Identity: \(found)")
    }
  }

  @Test func softmaxIsKnownInItsParts() throws {
    let plain = try kind { b, x in
      let e = try b.add(Exp(), x)
      return try b.add(Div(), e, b.add(ReduceSum(), e, self.axes(b, 1)))
    }
    #expect(plain == .softmax)
    let shifted = try kind { b, x in
      let e = try b.add(Exp(), b.add(Sub(), x, b.add(ReduceMax(axes: [1]), x)))
      return try b.add(Div(), e, b.add(ReduceSum(), e, self.axes(b, 1)))
    }
    #expect(shifted == .softmax)
    let reciprocal = try kind { b, x in
      let e = try b.add(Exp(), x)
      return try b.add(Mul(), b.add(Reciprocal(), b.add(ReduceSum(), e, self.axes(b, -1))), e)
    }
    #expect(reciprocal == .softmax)
    let guarded = try kind { b, x in
      let e = try b.add(Exp(), x)
      let sum = try b.add(Add(), b.add(ReduceSum(), e, self.axes(b, 1)), self.scalar(b, 1e-9))
      return try b.add(Div(), e, b.add(Expand(), sum, b.constant(Tensor([1, 5] as [Int64]))))
    }
    #expect(guarded == .softmax)
    let powers = try kind { b, x in try b.add(Exp(), b.add(LogSoftmax(axis: 1), x)) }
    #expect(powers == .softmax)
    let byLogSumExp = try kind { b, x in
      try b.add(Exp(), b.add(Sub(), x, b.add(ReduceLogSumExp(axes: [1]), x)))
    }
    #expect(byLogSumExp == .softmax)
    let normalized = try kind { b, x in
      let r = try b.add(Relu(), x)
      return try b.add(Div(), r, b.add(ReduceL1(axes: [1]), r))
    }
    #expect(normalized == .softmax)
  }

  @Test func logarithmsAreKnown() throws {
    #expect(try kind { b, x in try b.add(LogSoftmax(axis: 1), x) } == .logSoftmax)
    #expect(try kind { b, x in try b.add(Log(), b.add(Softmax(axis: 1), x)) } == .logSoftmax)
    let parts = try kind { b, x in
      let shifted = try b.add(Sub(), x, b.add(ReduceMax(axes: [1]), x))
      let sum = try b.add(ReduceSum(), b.add(Exp(), shifted), self.axes(b, 1))
      return try b.add(Identity(), b.add(Sub(), shifted, b.add(Log(), sum)))
    }
    #expect(parts == .logSoftmax)
  }

  @Test func whatArithmeticKeepsBetweenZeroAndOneIsSigmoid() throws {
    #expect(try kind { b, x in try b.add(Sigmoid(), x) } == .sigmoid)
    #expect(try kind { b, x in try b.add(HardSigmoid(), x) } == .sigmoid)
    let parts = try kind { b, x in
      try b.add(Div(), self.scalar(b, 1), b.add(Add(), self.scalar(b, 1), b.add(Exp(), b.add(Neg(), x))))
    }
    #expect(parts == .sigmoid)
    let tangent = try kind { b, x in
      let one = try b.add(Add(), b.add(Tanh(), b.add(Mul(), x, self.scalar(b, 0.5))), self.scalar(b, 1))
      return try b.add(Mul(), one, self.scalar(b, 0.5))
    }
    #expect(tangent == .sigmoid)
    let ratio = try kind { b, x in
      let e = try b.add(Exp(), x)
      return try b.add(Div(), e, b.add(Add(), e, self.scalar(b, 1)))
    }
    #expect(ratio == .sigmoid)
    let hard = try kind { b, x in
      let shifted = try b.add(
        Clip(), b.add(Add(), x, self.scalar(b, 3)), self.scalar(b, 0), self.scalar(b, 6))
      return try b.add(Div(), shifted, self.scalar(b, 6))
    }
    #expect(hard == .sigmoid)
    // One of two shares.
    let second = try kind { b, x in
      try b.add(
        Slice(), [b.add(Softmax(axis: 1), x), self.axes(b, 1), self.axes(b, 2), self.axes(b, 1)])[0]
    }
    #expect(second == .sigmoid)
  }

  @Test func numbersBetweenZeroAndOneAreNotAllSigmoid() throws {
    let cut = try kind { b, x in try b.add(Clip(), x, self.scalar(b, 0), self.scalar(b, 1)) }
    #expect(cut == .unknown(operatorName: "Clip", isTransformed: false))
    let narrow = try kind { b, x in
      try b.add(Add(), b.add(Mul(), b.add(Tanh(), x), self.scalar(b, 0.4)), self.scalar(b, 0.5))
    }
    #expect(narrow == .unknown(operatorName: "Add", isTransformed: false))
    let other = try kind { b, x in
      try b.add(Div(), self.scalar(b, 1), b.add(Add(), self.scalar(b, 2), b.add(Exp(), b.add(Neg(), x))))
    }
    #expect(other == .unknown(operatorName: "Div", isTransformed: false))
    let largest = try kind { b, x in
      try b.add(TopK(), [b.add(Softmax(axis: 1), x), self.axes(b, 3)])[0]
    }
    #expect(largest == .unknown(operatorName: "TopK", isTransformed: true))
  }

  @Test func linearLayersAreLinear() throws {
    #expect(try kind { $1 } == .linear)
    #expect(try kind { b, x in try b.add(Mul(), x, self.scalar(b, 3)) } == .linear)
    #expect(try kind { b, x in try b.add(Relu(), x) } == .linear)
    #expect(try kind { b, x in try b.add(Clip(), x, self.scalar(b, -50), self.scalar(b, 50)) } == .linear)
    #expect(
      try kind(shape: [1, 5, 1, 1]) { b, x in try b.add(Flatten(), b.add(GlobalAveragePool(), x)) } == .linear
    )
  }

  @Test func whatWasMadeOfProbabilitiesIsNotTakenForLogits() throws {
    let percent = try kind { b, x in try b.add(Mul(), b.add(Softmax(axis: 1), x), self.scalar(b, 100)) }
    #expect(percent == .unknown(operatorName: "Mul", isTransformed: true))
    let uneven = try kind { b, x in
      try b.add(
        Mul(), b.add(Softmax(axis: 1), x), b.parameter("uneven", shape: [5], initializer: .zeros))
    }
    #expect(uneven == .unknown(operatorName: "Mul", isTransformed: true))
    let mean = try kind { b, x in
      let sum = try b.add(Add(), b.add(Softmax(axis: 1), x), b.add(Softmax(axis: 1), b.add(Neg(), x)))
      return try b.add(Mul(), sum, self.scalar(b, 0.5))
    }
    #expect(mean == .unknown(operatorName: "Mul", isTransformed: true))
    // Along an axis of one element every number is 1.
    let wrong = try kind { b, x in
      try b.add(Softmax(axis: 2), b.add(Unsqueeze(), x, self.axes(b, 2)))
    }
    #expect(wrong == .unknown(operatorName: "Softmax", isTransformed: true))
  }

  @Test func whatSaysNothingIsUnknown() throws {
    let found = try kind { b, x in try b.add(Softplus(), x) }
    #expect(found == .unknown(operatorName: "Softplus", isTransformed: false))
    // Not its own sum.
    let other = try kind { b, x in
      try b.add(Div(), b.add(Exp(), x), b.add(ReduceSum(), b.add(Abs(), x), self.axes(b, 1)))
    }
    #expect(other == .unknown(operatorName: "Div", isTransformed: false))
  }

  /// 2⁴⁰ ways lead back from the output: each value must be looked at once only. Bounds still come through.
  @Test func valuesThatManyPathsLeadToTakeNoTime() throws {
    let sum = try kind { b, x in
      try (0..<40).reduce(b.add(Relu(), x)) { value, _ in try b.add(Add(), value, b.add(Relu(), value)) }
    }
    #expect(sum == .linear)
    let joined = try kind { b, x in
      try (0..<40).reduce(b.add(Sigmoid(), x)) { value, _ in
        try b.add(Max(), [value, b.add(Relu(), value)])[0]
      }
    }
    #expect(joined == .sigmoid)
  }
}
