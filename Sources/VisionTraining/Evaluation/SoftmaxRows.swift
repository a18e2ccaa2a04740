#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Cross-entropy and softmax of rows of logits, in double precision.
enum SoftmaxRows {
  /// Σ −log softmax(logits / temperature)[label] over the rows.
  static func loss(_ logits: Matrix, labels: [Int], temperature: Double = 1) -> Double {
    var total = 0.0
    for (row, label) in labels.enumerated() {
      let numbers = logits[row: row]
      let largest = Double(numbers.max() ?? 0)
      var sum = 0.0
      for number in numbers { sum += exp((Double(number) - largest) / temperature) }
      total += log(sum) - (Double(numbers[numbers.startIndex + label]) - largest) / temperature
    }
    return total
  }

  /// softmax(logits / temperature), N×K.
  static func probabilities(_ logits: Matrix, temperature: Double = 1) -> Matrix {
    var result = logits
    for row in 0..<logits.rows {
      let numbers = logits[row: row]
      let largest = Double(numbers.max() ?? 0)
      let powers = numbers.map { exp((Double($0) - largest) / temperature) }
      let sum = powers.reduce(0, +)
      for (column, power) in powers.enumerated() {
        result.elements[row * logits.columns + column] = Float(power / sum)
      }
    }
    return result
  }
}
