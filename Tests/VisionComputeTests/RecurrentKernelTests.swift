import CVisionKernels
import Foundation
import Testing
import VisionCompute

/// One direction of a recurrent layer with its usual functions against the equations in double precision.
@Suite struct RecurrentKernelTests {
  private struct Case {
    var layer = vn_recurrent()
    let x: [Float], w: [Float], r: [Float], bias: [Float], firstH: [Float], firstC: [Float]

    init(
      _ cell: vn_cell, steps: Int, batch: Int, inputs: Int, hidden: Int, resetsLast: Bool,
      _ numbers: inout Numbers
    ) {
      let gates = cell == VN_LSTM ? 4 : cell == VN_GRU ? 3 : 1
      layer.cell = cell
      (layer.steps, layer.batch, layer.inputs, layer.hidden) = (steps, batch, inputs, hidden)
      let tangent = vn_gate_function(op: VN_TANH, a: 0, b: 0, inner: 1, outer: 1)
      let gate = vn_gate_function(op: VN_SIGMOID, a: 0, b: 0, inner: 1, outer: 1)
      layer.functions = cell == VN_RNN ? (tangent, tangent, tangent) : (gate, tangent, tangent)
      layer.clip = .infinity
      (layer.is_reverse, layer.resets_last) = (steps % 2 == 0, resetsLast)
      (layer.row_step, layer.row_sequence) = (Int64(batch), 1)
      (layer.y_step, layer.y_sequence) = (Int64(batch * hidden), Int64(hidden))
      layer.state_sequence = Int64(hidden)
      x = numbers.floats(steps * batch * inputs)
      w = numbers.floats(gates * hidden * inputs)
      r = numbers.floats(gates * hidden * hidden).map { $0 / 2 }
      bias = numbers.floats(2 * gates * hidden)
      (firstH, firstC) = (numbers.floats(batch * hidden), numbers.floats(batch * hidden))
    }

    /// y, the last h and, of an LSTM, the last c.
    func run(_ executor: Executor) -> [Float] {
      let k = executor.kernels
      var layer = layer
      let states = layer.batch * layer.hidden
      var packed = [Float](repeating: .nan, count: vn_recurrent_packed_floats(k, &layer))
      vn_recurrent_pack(k, &layer, w, r, &packed)
      let floats = vn_recurrent_scratch_floats(k, &layer, false, Int32(executor.threads))
      var scratch = [Float](repeating: .nan, count: floats)
      var results = [Float](repeating: .nan, count: layer.steps * states + 2 * states)
      results.withUnsafeMutableBufferPointer { results in
        x.withUnsafeBufferPointer { x in
          packed.withUnsafeBufferPointer { packed in
            bias.withUnsafeBufferPointer { bias in
              firstH.withUnsafeBufferPointer { firstH in
                firstC.withUnsafeBufferPointer { firstC in
                  guard let y = results.baseAddress, let x = x.baseAddress else { return }
                  let last = y + layer.steps * states
                  var data = vn_recurrent_data(
                    x: x, packed: packed.baseAddress, w: nil, r: nil, bias: bias.baseAddress, lengths: nil,
                    first_h: firstH.baseAddress, first_c: layer.cell == VN_LSTM ? firstC.baseAddress : nil,
                    peepholes: nil, y: y, last_h: last, last_c: layer.cell == VN_LSTM ? last + states : nil)
                  vn_recurrent_run(k, &layer, &data, &scratch, executor.pool)
                }
              }
            }
          }
        }
      }
      return layer.cell == VN_LSTM ? results : Array(results.dropLast(states))
    }

    func exact() -> [Double] {
      let (n, batch) = (layer.hidden, layer.batch)
      var (h, c) = (firstH.map(Double.init), firstC.map(Double.init))
      var y = [Double](repeating: 0, count: layer.steps * batch * n)
      func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
      for at in 0..<layer.steps {
        let step = layer.is_reverse ? layer.steps - 1 - at : at
        for sequence in 0..<batch {
          let before = Array(h[(sequence * n)..<((sequence + 1) * n)])
          let gates = layer.cell == VN_LSTM ? 4 : layer.cell == VN_GRU ? 3 : 1
          func ofInput(_ gate: Int, _ j: Int) -> Double {
            let row = (step * batch + sequence) * layer.inputs
            return (0..<layer.inputs).reduce(Double(bias[gate * n + j])) {
              $0 + Double(w[(gate * n + j) * layer.inputs + $1]) * Double(x[row + $1])
            }
          }
          func ofState(_ gate: Int, _ j: Int, _ state: [Double]) -> Double {
            (0..<n).reduce(Double(bias[(gates + gate) * n + j])) {
              $0 + Double(r[(gate * n + j) * n + $1]) * state[$1]
            }
          }
          let resets =
            layer.cell == VN_GRU ? (0..<n).map { sigmoid(ofInput(1, $0) + ofState(1, $0, before)) } : []
          for j in 0..<n {
            let place = sequence * n + j
            switch layer.cell {
            case VN_LSTM:
              let sums = (0..<4).map { ofInput($0, j) + ofState($0, j, before) }
              c[place] = sigmoid(sums[2]) * c[place] + sigmoid(sums[0]) * tanh(sums[3])
              h[place] = sigmoid(sums[1]) * tanh(c[place])
            case VN_GRU:
              let update = sigmoid(ofInput(0, j) + ofState(0, j, before))
              let inner =
                layer.resets_last
                ? resets[j] * ofState(2, j, before) : ofState(2, j, zip(resets, before).map { $0 * $1 })
              h[place] = (1 - update) * tanh(ofInput(2, j) + inner) + update * before[j]
            default: h[place] = tanh(ofInput(0, j) + ofState(0, j, before))
            }
            y[step * batch * n + place] = h[place]
          }
        }
      }
      return y + h + (layer.cell == VN_LSTM ? c : [])
    }
  }

  @Test(arguments: InstructionSet.supported) func everyCell(_ set: InstructionSet) {
    var numbers = Numbers(seed: 79)
    for (cell, resetsLast) in [(VN_RNN, false), (VN_GRU, false), (VN_GRU, true), (VN_LSTM, false)] {
      for (steps, batch, inputs, hidden) in [
        (1, 1, 1, 1), (5, 2, 3, 7), (4, 1, 20, 33), (7, 9, 16, 16), (3, 20, 5, 64),
      ] {
        let item = Case(
          cell, steps: steps, batch: batch, inputs: inputs, hidden: hidden, resetsLast: resetsLast, &numbers)
        let exact = item.exact(), result = item.run(executor(set, threads: 1))
        #expect(distance(result, exact) < 2e-5, "\(cell) \(steps) \(batch) \(inputs) \(hidden)")
        for threads in [2, 3] { #expect(item.run(executor(set, threads: threads)) == result) }
        KernelCases.record(
          "recurrent", on: set, .distance(2e-5),
          [
            .value(item.layer), .array(item.x), .array(item.w), .array(item.r), .array(item.bias),
            .array(item.firstH),
            cell == VN_LSTM ? .array(item.firstC) : .missing,
          ], expected: .array(exact))
      }
    }
  }
}
