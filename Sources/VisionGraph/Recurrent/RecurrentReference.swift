import VisionTensor
import VisionSystem

/// The reference of RNN, GRU and LSTM, and of their gradients: one sequence after the other, in `Double`.
struct RecurrentReference<Op: RecurrentOperator> {
  private let op: Op
  private let facts: [Fact]
  private let x: Tensor
  private let features: [Double]
  private let steps: Int
  private let batch: Int
  /// How many steps of each sequence count.
  private let lengths: [Int]
  private let weights: [RecurrentWeights]
  private let initialStates: [Double]?
  private let initialCells: [Double]?

  /// - Throws: `EvaluationError` when inputs do not fit, or a length is not one of 0...T.
  init(_ op: Op, _ inputs: [Tensor?]) throws(EvaluationError) {
    self.op = op
    facts = try op.resolved(inputs)
    x = try Reference.required(inputs, 0)
    features = x.doubles
    let isBatchFirst = op.form.isBatchFirst
    (steps, batch) = isBatchFirst ? (x.shape[1], x.shape[0]) : (x.shape[0], x.shape[1])
    let (w, r) = (try Reference.required(inputs, 1), try Reference.required(inputs, 2))
    let (b, p) = (Reference.optional(inputs, 3), Op.hasCell ? Reference.optional(inputs, 7) : nil)
    weights = (0..<op.form.directionCount).map { RecurrentWeights(direction: $0, w: w, r: r, b: b, p: p) }
    lengths = Reference.optional(inputs, 4)?.integers ?? [Int](repeating: steps, count: batch)
    for length in lengths where length < 0 || length > steps {
      throw EvaluationError("the length \(length) of a sequence is not one of 0...\(steps)")
    }
    initialStates = Reference.optional(inputs, 5)?.doubles
    initialCells = Op.hasCell ? Reference.optional(inputs, 6)?.doubles : nil
  }

  private var hidden: Int { op.form.hiddenSize }
  private var directions: Int { op.form.directionCount }

  /// Where the features of a step of a sequence begin.
  private func inputPlace(_ time: Int, _ sequence: Int) -> Int {
    (op.form.isBatchFirst ? sequence * steps + time : time * batch + sequence) * x.shape[2]
  }

  /// Where a state begins among all states.
  private func statePlace(_ time: Int, _ direction: Int, _ sequence: Int) -> Int {
    let row =
      op.form.isBatchFirst
      ? (sequence * steps + time) * directions + direction
      : (time * directions + direction) * batch + sequence
    return row * hidden
  }

  /// Where a state begins among the first or last states.
  private func lastPlace(_ direction: Int, _ sequence: Int) -> Int {
    (op.form.isBatchFirst ? sequence * directions + direction : direction * batch + sequence) * hidden
  }

  private func row(_ numbers: [Double]?, _ place: Int, _ count: Int) -> [Double] {
    numbers.map { Array($0[place..<(place + count)]) } ?? [Double](repeating: 0, count: count)
  }

  private func first(_ direction: Int, _ sequence: Int) -> RecurrentState {
    let place = lastPlace(direction, sequence)
    return RecurrentState(
      h: row(initialStates, place, hidden), c: Op.hasCell ? row(initialCells, place, hidden) : [])
  }

  /// The times of a sequence in the order in which a direction reads them.
  private func times(_ direction: Int, _ sequence: Int) -> [Int] {
    let times = Array(0..<lengths[sequence])
    return op.form.isReverse(direction) ? times.reversed() : times
  }

  /// The steps of one sequence in one direction, one after the other; returns the last state.
  private func forEachStep(_ direction: Int, _ sequence: Int, _ body: (Int, RecurrentStep) -> Void)
    -> RecurrentState
  {
    let (cell, weights) = (op.cell(ofDirection: direction), weights[direction])
    var state = first(direction, sequence)
    for time in times(direction, sequence) {
      let input = weights.input(row(features, inputPlace(time, sequence), weights.inputs))
      let step = cell.step(weights, state, input: input)
      state = step.after
      body(time, step)
    }
    return state
  }

  private func store(_ numbers: [Double], _ place: Int, in target: inout [Double]) {
    target.replaceSubrange(place..<(place + numbers.count), with: numbers)
  }

  /// The operator's outputs.
  func outputs() -> [Tensor] {
    var results = facts.map { [Double](repeating: 0, count: $0.shape.elementCount) }
    for direction in 0..<directions {
      for sequence in 0..<batch {
        let last = forEachStep(direction, sequence) { time, step in
          store(step.after.h, statePlace(time, direction, sequence), in: &results[0])
        }
        store(last.h, lastPlace(direction, sequence), in: &results[1])
        if Op.hasCell { store(last.c, lastPlace(direction, sequence), in: &results[2]) }
      }
    }
    return zip(facts, results).map { Tensor(doubles: $1, shape: $0.shape, elementType: $0.type) }
  }

  /// The gradients with respect to x, W, R, B, the initial states, the initial cells and the peepholes, for those with respect
  /// to the outputs; backpropagation through time.
  func gradients(_ given: [Tensor?]) -> RecurrentGradients {
    let all = given[0]?.doubles
    let (lastStates, lastCells) = (given[1]?.doubles, Op.hasCell ? given[2]?.doubles : nil)
    var result = RecurrentGradients(
      x: [Double](repeating: 0, count: features.count),
      weights: weights.map(RecurrentWeights.init(zerosLike:)),
      states: [Double](repeating: 0, count: directions * batch * hidden), cells: [])
    result.cells = result.states
    for direction in 0..<directions {
      let (cell, weights) = (op.cell(ofDirection: direction), weights[direction])
      for sequence in 0..<batch {
        let place = lastPlace(direction, sequence)
        var g = RecurrentState(h: row(lastStates, place, hidden), c: row(lastCells, place, hidden))
        var passed: [(time: Int, step: RecurrentStep)] = []
        _ = forEachStep(direction, sequence) { passed.append(($0, $1)) }
        for (time, step) in passed.reversed() {
          let direct = row(all, statePlace(time, direction, sequence), hidden)
          g.h = zip(g.h, direct).map { $0 + $1 }
          let (before, input) = cell.backward(weights, step, g, into: &result.weights[direction])
          g = before
          let from = inputPlace(time, sequence)
          result.weights[direction].addInput(input, row(features, from, weights.inputs))
          for (index, number) in weights.inputGradient(input).enumerated() {
            result.x[from + index] += number
          }
        }
        store(g.h, place, in: &result.states)
        if Op.hasCell { store(g.c, place, in: &result.cells) }
      }
    }
    return result
  }
}

/// The gradients of a recurrent operator with respect to its inputs.
struct RecurrentGradients {
  var x: [Double]
  var weights: [RecurrentWeights]
  var states: [Double]
  var cells: [Double]

  /// The numbers for the operator's input `index`.
  subscript(index: Int) -> [Double] {
    switch index {
    case 0: x
    case 1: weights.flatMap(\.w)
    case 2: weights.flatMap(\.r)
    case 3: weights.flatMap { $0.wb + $0.rb }
    case 5: states
    case 6: cells
    default: weights.flatMap(\.p)
    }
  }
}
