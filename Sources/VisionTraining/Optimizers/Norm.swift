/// √Σ x², summed in double precision in eight lanes, in the same order on every machine.
enum Norm {
  static func of(_ numbers: UnsafeBufferPointer<Float>) -> Double { of(count: numbers.count) { numbers[$0] } }

  @inline(__always)
  static func of(count: Int, _ number: (Int) -> Float) -> Double {
    var lanes = SIMD8<Double>(repeating: 0)
    var index = 0
    while index + 8 <= count {
      var block = SIMD8<Float>()
      for lane in 0..<8 { block[lane] = number(index + lane) }
      let wide = SIMD8<Double>(block)
      lanes += wide * wide
      index += 8
    }
    var sum = lanes.sum()
    while index < count {
      sum += Double(number(index)) * Double(number(index))
      index += 1
    }
    return sum.squareRoot()
  }
}
