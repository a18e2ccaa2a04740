/// Mathematical functions of the C library, so that operators need not depend on the platform.
package enum Libm {
  package static func exp(_ x: Double) -> Double { cExp(x) }
  package static func expm1(_ x: Double) -> Double { cExpm1(x) }
  package static func log(_ x: Double) -> Double { cLog(x) }
  package static func log1p(_ x: Double) -> Double { cLog1p(x) }
  package static func sin(_ x: Double) -> Double { cSin(x) }
  package static func cos(_ x: Double) -> Double { cCos(x) }
  package static func tanh(_ x: Double) -> Double { cTanh(x) }
  package static func erf(_ x: Double) -> Double { cErf(x) }
  package static func erfc(_ x: Double) -> Double { cErfc(x) }
  package static func pow(_ x: Double, _ y: Double) -> Double { cPow(x, y) }

  /// 1 / (1 + e⁻ˣ).
  package static func sigmoid(_ x: Double) -> Double { 1 / (1 + cExp(-x)) }
  /// ln(1 + eˣ) without overflow.
  package static func softplus(_ x: Double) -> Double { x > 0 ? x + cLog1p(cExp(-x)) : cLog1p(cExp(x)) }
}

// Inside the enum, the C names would refer to its own members.
private func cExp(_ x: Double) -> Double { exp(x) }
private func cExpm1(_ x: Double) -> Double { expm1(x) }
private func cLog(_ x: Double) -> Double { log(x) }
private func cLog1p(_ x: Double) -> Double { log1p(x) }
private func cSin(_ x: Double) -> Double { sin(x) }
private func cCos(_ x: Double) -> Double { cos(x) }
private func cTanh(_ x: Double) -> Double { tanh(x) }
private func cErf(_ x: Double) -> Double { erf(x) }
private func cErfc(_ x: Double) -> Double { erfc(x) }
private func cPow(_ x: Double, _ y: Double) -> Double { pow(x, y) }
