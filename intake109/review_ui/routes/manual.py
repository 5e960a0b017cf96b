"""A post seen anywhere, put into the queue by hand."""

from fastapi import APIRouter

router = APIRouter()
