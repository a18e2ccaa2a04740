import VisionSystem

/// MT19937, the generator of ONNX's reference implementation. Source: Matsumoto and Nishimura 1998, with the seeding of 2002.
package struct MersenneTwister {
  private var state: [UInt32] = []
  private var position = 624

  package init(seed: UInt32) {
    state = [seed]
    for index in 1..<624 {
      let last = state[index - 1]
      state.append(1_812_433_253 &* (last ^ last >> 30) &+ UInt32(index))
    }
  }

  private mutating func next() -> UInt32 {
    if position == 624 {
      for index in 0..<624 {
        let bits = (state[index] & 0x8000_0000) | (state[(index + 1) % 624] & 0x7fff_ffff)
        state[index] = state[(index + 397) % 624] ^ bits >> 1 ^ (bits & 1 == 0 ? 0 : 0x9908_b0df)
      }
      position = 0
    }
    var bits = state[position]
    position += 1
    bits ^= bits >> 11
    bits ^= bits << 7 & 0x9d2c_5680
    bits ^= bits << 15 & 0xefc6_0000
    return bits ^ bits >> 18
  }

  /// A number in 0..<1 with 53 random bits.
  package mutating func uniform() -> Double {
    let (high, low) = (next() >> 5, next() >> 6)
    return (Double(high) * 0x1p26 + Double(low)) * 0x1p-53
  }
}
