import CVisionKernels
import Testing
import VisionCompute

/// A row times a matrix, without the weights of inputs that are zero, against sums in double precision.
@Suite struct DenseTests {
  private struct Case {
    var inputs: Int
    var outputs: Int
    var x: [Float]
    var weights: [Float]
    var bias: [Float]?

    init(_ inputs: Int, _ outputs: Int, zeros: Int, bias: Bool = true, seed: Int = 1) {
      var numbers = Numbers(seed: seed)
      (self.inputs, self.outputs) = (inputs, outputs)
      x = numbers.floats(inputs)
      for index in x.indices where numbers.integer(0...99) < zeros { x[index] = index % 2 == 0 ? 0 : -0.0 }
      weights = numbers.floats(inputs * outputs)
      self.bias = bias ? numbers.floats(outputs) : nil
    }

    func run(_ executor: Executor, part: Int = 64) -> [Float] {
      let k = executor.kernels
      var packed = [Float](repeating: .nan, count: vn_dense_packed_floats(inputs, outputs))
      // Some outputs after the other, the last first.
      for first in stride(from: 0, to: outputs, by: part).reversed() {
        weights.withUnsafeBufferPointer {
          guard let start = $0.baseAddress else { return }
          let count = min(part, outputs - first)
          vn_dense_pack(k, inputs, outputs, first, count, start + first * inputs, &packed)
        }
      }
      var scratch = [Float](
        repeating: .nan, count: vn_dense_scratch_floats(inputs, outputs, Int32(executor.threads)))
      var y = [Float](repeating: 77, count: outputs + 1)
      vn_dense_run(k, inputs, outputs, x, packed, bias, &y, &scratch, executor.pool)
      #expect(y[outputs] == 77)
      return y.dropLast()
    }

    var reference: [Double] {
      (0..<outputs).map { o in
        var sum = bias.map { Double($0[o]) } ?? 0
        for i in 0..<inputs { sum += Double(x[i]) * Double(weights[o * inputs + i]) }
        return sum
      }
    }
  }

  private func check(
    _ item: Case, on set: InstructionSet, part: Int = 64, _ location: SourceLocation = #_sourceLocation
  ) {
    let y = item.run(executor(set, threads: 1), part: part)
    let bound = 4e-6 * Double(item.inputs).squareRoot().rounded(.up)
    #expect(
      distance(y, item.reference) < bound, "\(item.inputs) × \(item.outputs)", sourceLocation: location)
    for threads in [2, 3] {
      #expect(
        item.run(executor(set, threads: threads), part: part) == y, "\(threads) threads",
        sourceLocation: location)
    }
    KernelCases.record(
      "dense", on: set, .distance(bound),
      [.array([item.inputs, item.outputs, part]), .array(item.x), .array(item.weights), .array(item.bias)],
      expected: .array(item.reference))
  }

  @Test(arguments: InstructionSet.supported) func everyRemainderOfOutputs(_ set: InstructionSet) {
    for outputs in 1...70 {
      check(Case(37, outputs, zeros: 40, bias: outputs % 2 == 0, seed: outputs), on: set)
    }
    check(Case(70, 5000, zeros: 30), on: set, part: 128)
  }

  @Test(arguments: InstructionSet.supported) func everyNumberOfInputsThatCount(_ set: InstructionSet) {
    for inputs in 1...40 { check(Case(inputs, 20, zeros: inputs * 7 % 100, seed: inputs), on: set) }
    // Several parts, some of them without any.
    for zeros in [0, 50, 97, 100] { check(Case(5200, 33, zeros: zeros), on: set) }
    var item = Case(4096, 24, zeros: 20)
    for index in 1024..<2048 { item.x[index] = 0 }
    check(item, on: set)
  }

  /// The sums do not depend on how many inputs are zero: a weight of zero counts as well as none.
  @Test(arguments: InstructionSet.supported) func whatIsLeftOutChangesNothing(_ set: InstructionSet) {
    var item = Case(3000, 50, zeros: 60)
    let y = item.run(executor(set))
    for index in item.x.indices where item.x[index] == 0 {
      item.x[index] = 1
      for output in 0..<item.outputs { item.weights[output * item.inputs + index] = 0 }
    }
    #expect(item.run(executor(set)) == y)
  }

  /// 0 × ∞ is NaN, for an output of another group too.
  @Test(arguments: InstructionSet.supported) func whatIsNotFinite(_ set: InstructionSet) {
    var item = Case(100, 150, zeros: 0)
    item.x[17] = 0
    for value in [Float.infinity, -.infinity, .nan] {
      item.weights[140 * 100 + 17] = value
      let y = item.run(executor(set))
      let spoilt = y.indices.filter { y[$0].isNaN }
      #expect(spoilt == [140])
    }
    item.weights[140 * 100 + 17] = 1
    item.x[3] = .nan
    let spoilt = item.run(executor(set)).filter(\.isNaN)
    #expect(spoilt.count == 150)
  }

  @Test func isForWeightsFromMemory() {
    #expect(vn_dense_pays(4096, 1000))
    #expect(!vn_dense_pays(1280, 1000))
  }
}
