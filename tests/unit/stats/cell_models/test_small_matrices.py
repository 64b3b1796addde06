"""Small matrices beside numpy's own linear algebra."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.stats.cell_models.small_matrices import inverse, product, root, turned

RNG = np.random.default_rng(8)


def definite(size: int, many: int = 5) -> np.ndarray:
    a = RNG.normal(size=(many, size, size))
    return np.moveaxis(a @ np.swapaxes(a, 1, 2) + 0.1 * np.eye(size), 0, 2)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_inverse_and_determinant_are_those_of_numpy(size):
    a = definite(size)
    back, log, good = inverse(a)
    expected = np.linalg.inv(np.moveaxis(a, 2, 0))
    assert good.all()
    assert np.moveaxis(back, 2, 0) == pytest.approx(expected, rel=1e-8, abs=1e-8)
    assert log == pytest.approx(np.linalg.slogdet(np.moveaxis(a, 2, 0))[1])


def test_a_matrix_that_is_not_definite_is_told_beside_one_that_is():
    a = np.stack([np.eye(2), np.array([[1.0, 2.0], [2.0, 1.0]])], axis=2)
    assert inverse(a)[2].tolist() == [True, False]


def test_the_root_of_a_singular_matrix_gives_it_back():
    a = np.ones((3, 3, 2)) * np.array([1.0, 0.0])
    half, good = root(a)
    assert good.all()
    assert product(half, turned(half)) == pytest.approx(a)


def test_what_has_no_root_is_told():
    assert not root(-np.eye(2)[:, :, None])[1].any()
